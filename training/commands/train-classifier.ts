/** `npm run train:classifier`: trains the classifier and writes its int8 weights. Flags in, one call, exit code out. */

import { HeapError, PoolError, startBackend } from '../backend/index.ts';
import { build } from '../bundle/build.ts';
import { SAMPLER_KERNEL, TRAINING_KERNELS } from '../bundle/kernels.ts';
import { REPLACE_ABOUT, writeWeights } from '../bundle/replace.ts';
import { totalSteps, trainClassifier } from '../classifier/loop.ts';
import { quantizeClassifier } from '../classifier/quantize.ts';
import { type ClassifierSettings, DEFAULT_EPOCHS } from '../classifier/recipe.ts';
import { Failure, runCommand } from '../cli/failure.ts';
import { writeAtomically } from '../cli/files.ts';
import { type Flags, helpText, parseFlags, path, present, wholeNumber } from '../cli/flags.ts';
import { createCounter } from '../cli/progress.ts';
import { requireLabels } from '../data/dataset.ts';
import type { DataOptions } from '../data/options.ts';
import { readBoth } from '../data/read.ts';
import { dataFlags, readingFor } from './data-flags.ts';
import { type TrainFlags, trainFlags } from './train-flags.ts';

const USAGE = 'npm run train:classifier -- [flags]';
const ABOUT =
  "Trains the small classifier that labels the generator's digits, and writes it as int8.";
const OUT = 'weights/classifier.safetensors';
const EPOCHS = { about: 'passes over the data', default: DEFAULT_EPOCHS, min: 1, max: 10_000 };

type ClassifierFlags = ClassifierSettings &
  DataOptions &
  Pick<TrainFlags, 'threads' | 'out'> & { float: string | null; replace: boolean };

const flags: Flags<ClassifierFlags> = {
  epochs: wholeNumber('epochs', EPOCHS),
  seed: trainFlags.seed,
  threads: trainFlags.threads,
  ...dataFlags,
  out: path('out', 'FILE', 'where the int8 weights go', OUT, OUT),
  float: path('float', 'FILE', 'where the float weights go as well', null, 'nowhere'),
  replace: present('replace', REPLACE_ABOUT),
};

await runCommand(async () => {
  const { values, help } = parseFlags(flags, process.argv.slice(2));
  if (help) {
    process.stdout.write(helpText(USAGE, ABOUT, flags));
    return 0;
  }
  const { threads, out, float, replace } = values;
  const parts = await readBoth(values, readingFor(true));
  const [train, test] = [parts.train, parts.test].map((part) =>
    requireLabels(part, 'the classifier'),
  );
  await build([SAMPLER_KERNEL, TRAINING_KERNELS]);
  const backend = await startBackend({ threads, relaxedSimd: true });
  for (const note of backend.notes) process.stdout.write(`${note}\n`);
  try {
    const total = totalSteps(train, values);
    const stepped = createCounter(process.stdout, { total, name: 'steps' });
    const file = trainClassifier(train, values, stepped);
    const { quantizedFile, accuracy } = quantizeClassifier(file, { train, test });
    if (float !== null) writeAtomically(float, file);
    const kept = await writeWeights(out, quantizedFile, replace);
    const percent = (accuracy * 100).toFixed(2);
    process.stdout.write(
      `${out}: as int8 it classifies ${percent} % of ${test.count} test images correctly.\n`,
    );
    if (kept !== undefined) process.stdout.write(`${kept}\n`);
    return 0;
  } catch (error) {
    if (error instanceof HeapError) throw new Failure(error.message);
    throw error instanceof PoolError ? new Failure(`${error.message} Start it again.`) : error;
  } finally {
    await backend.stop();
  }
});
