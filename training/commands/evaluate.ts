/** `npm run evaluate`: how good a generator is. Flags in, one call, exit code out. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { encodePng } from '../../src/encoders/png/png.ts';
import { PoolError, startBackend } from '../backend/index.ts';
import { ROOT, build } from '../bundle/build.ts';
import { SAMPLER_KERNEL } from '../bundle/kernels.ts';
import { CLASSIFIER, GENERATOR } from '../bundle/model.ts';
import { readNetwork } from '../bundle/network.ts';
import type { WeightsFile } from '../bundle/packing.ts';
import { learnedBy } from '../bundle/pairing.ts';
import { Failure, runCommand } from '../cli/failure.ts';
import { writeAtomically } from '../cli/files.ts';
import {
  type Flags,
  helpText,
  parseFlags,
  path as pathFlag,
  present,
  wholeNumber,
} from '../cli/flags.ts';
import { createCounter } from '../cli/progress.ts';
import type { DataOptions } from '../data/options.ts';
import { readDataset } from '../data/read.ts';
import { type Subject, evaluate, readSubject, roundsOf } from '../evaluation/evaluate.ts';
import { NEIGHBOURS } from '../evaluation/precision-recall.ts';
import { DEFAULT_SAMPLES } from '../evaluation/recipe.ts';
import { loadReference, referenceOf, stepsOfReference } from '../evaluation/reference.ts';
import { jsonOf, textOf } from '../evaluation/results.ts';
import { type Advice, RunError, generatorOf } from '../gan/existing-run.ts';
import { hasNoClasses, haveSameData } from '../quantization/data-origin.ts';
import { dataFlags, readingFor } from './data-flags.ts';
import { type TrainFlags, trainFlags } from './train-flags.ts';

const USAGE = 'npm run evaluate -- [flags]';
const ABOUT =
  'Says how good a generator is: the Fréchet distance of its digits to the real ones, precision and recall, and\n' +
  'how often a classifier is confident of them. The first evaluation with a data set trains that classifier.';
const NEAREST = 'build/nearest.png';
const SAMPLES = {
  about: 'how many digits to draw',
  default: DEFAULT_SAMPLES,
  min: NEIGHBOURS + 1,
  max: 100_000,
};
const ADVICE: Advice = {
  NotFinished: 'name one of the files in its snapshots/',
};

/** How much larger the picture's pixels are. */
const SCALE = 2;

interface EvaluateFlags extends DataOptions, Pick<TrainFlags, 'threads'> {
  readonly weights: string;
  readonly samples: number;
  readonly nearest: string;
  readonly json: boolean;
}

const flags: Flags<EvaluateFlags> = {
  weights: pathFlag(
    'weights',
    'FILE',
    "a generator's weights, float or int8",
    GENERATOR,
    GENERATOR,
  ),
  ...dataFlags,
  samples: wholeNumber('samples', SAMPLES),
  threads: trainFlags.threads,
  nearest: pathFlag(
    'nearest',
    'FILE',
    'where a picture of 20 digits above their nearest training images goes',
    NEAREST,
    NEAREST,
  ),
  json: present('json', 'one line of JSON'),
};

await runCommand(async () => {
  const { values, help } = parseFlags(flags, process.argv.slice(2));
  if (help) {
    process.stdout.write(helpText(USAGE, ABOUT, flags));
    return 0;
  }
  const { weights, samples, threads } = values;
  const path = locate(weights);
  const subject = readSubject({ path, bytes: readFileSync(path) });
  const classifier = classifierOf(subject);
  const dataset = await readDataset(values, readingFor(true));
  const steps = { total: stepsOfReference(dataset), name: 'steps' };
  const stepped = createCounter(process.stderr, steps);
  await build([SAMPLER_KERNEL, referenceOf(dataset, threads, stepped)]);
  const { name } = subject.learned.origin;
  if (name !== undefined && name !== dataset.name) {
    process.stderr.write(
      `${path} has learned from ${name}, and is compared with ${dataset.name}.\n`,
    );
  }
  // Without relaxed SIMD, whose last bits depend on the processor: figures are the same everywhere.
  const backend = await startBackend({ threads, relaxedSimd: false });
  for (const note of backend.notes) process.stderr.write(`${note}\n`);
  try {
    const reference = loadReference(dataset);
    const total = samples * roundsOf(subject, classifier);
    const progress = createCounter(process.stderr, { total, name: 'digits' });
    const setting = { reference, dataset, classifier, samples };
    const { evaluation, nearest } = evaluate(subject, setting, progress);
    writeAtomically(values.nearest, encodePng(nearest, { scale: SCALE }));
    const results = { path, dataset, evaluation, reference, nearest: values.nearest };
    process.stdout.write(values.json ? jsonOf(results) : textOf(results));
    return 0;
  } catch (error) {
    throw error instanceof PoolError ? new Failure(`${error.message} Start it again.`) : error;
  } finally {
    await backend.stop();
  }
});

/** The classifier that ships, if it has learned from the generator's data. */
function classifierOf({ learned }: Subject): WeightsFile | undefined {
  const path = join(ROOT, CLASSIFIER);
  if (hasNoClasses(learned.origin) || !existsSync(path)) return undefined;
  const bytes = readFileSync(path);
  const { origin } = learnedBy(CLASSIFIER, readNetwork(bytes));
  return haveSameData(learned.origin, origin) ? { path: CLASSIFIER, bytes } : undefined;
}

/** A file, or the generator of a run's folder. */
function locate(weights: string): string {
  if (!existsSync(weights)) throw new Failure(`${weights}: found no such file.`);
  try {
    return generatorOf(weights);
  } catch (error) {
    throw error instanceof RunError ? error.withAdvice(ADVICE) : error;
  }
}
