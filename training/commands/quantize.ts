/** `npm run quantize`: the float generator of a run → the weights that ship. Flags in, one call, exit code out. */

import { existsSync, readFileSync } from 'node:fs';

import { build } from '../bundle/build.ts';
import { loadEngine } from '../bundle/engine.ts';
import { SAMPLER_KERNEL } from '../bundle/kernels.ts';
import { type Network, readNetwork } from '../bundle/network.ts';
import { type Learned, learnedBy, requireSameData } from '../bundle/pairing.ts';
import { REPLACE_ABOUT, writeWeights } from '../bundle/replace.ts';
import { Failure, UsageError, reasonOf, runCommand } from '../cli/failure.ts';
import { type Flags, helpText, parseFlags, path, present } from '../cli/flags.ts';
import type { Fidelity } from '../evaluation/fidelity.ts';
import { quantizeGenerator } from '../evaluation/quantized.ts';
import { type Advice, RunError, generatorOf } from '../gan/existing-run.ts';
import { hasNoClasses } from '../quantization/data-origin.ts';
import { FloatFileError, parseNetwork } from '../quantization/float-file.ts';
import { quantizeSnapshots, SNAPSHOTS } from './quantize-snapshots.ts';

const USAGE = 'npm run quantize -- --from RUN [flags]';
const ABOUT =
  'Turns the float generator of a run into the weights of 7 bits that the Worker serves.';
const OUT = 'weights/generator.safetensors';
const CLASSIFIER = 'weights/classifier.safetensors';

const flags: Flags<{
  from: string | null;
  out: string;
  replace: boolean;
  snapshots: boolean;
}> = {
  from: path('from', 'RUN', "a run's folder, or one safetensors file of it", null, 'no default'),
  out: path('out', 'FILE', 'where the weights go', OUT, OUT),
  replace: present('replace', REPLACE_ABOUT),
  snapshots: present('snapshots', `the run's snapshots, which the page shows, into ${SNAPSHOTS}`),
};

const ADVICE: Advice = {
  NoRun: 'train one by npm run train:wasm',
  NotFinished: 'let it go on by --resume, or name one of the files in its snapshots/',
};

await runCommand(async () => {
  const { values, help } = parseFlags(flags, process.argv.slice(2));
  if (help) {
    process.stdout.write(helpText(USAGE, ABOUT, flags));
    return 0;
  }
  const { from, out, replace, snapshots } = values;
  if (from === null) {
    throw new UsageError("--from: missing, expected a run's folder or a file.");
  }
  let source = from;
  try {
    if (snapshots) {
      quantizeSnapshots(from, out === OUT ? SNAPSHOTS : out, (line) => {
        process.stdout.write(`${line}\n`);
      });
      return 0;
    }
    source = generatorOf(from);
    await build([SAMPLER_KERNEL]);
    const bytes = readFileSync(source);
    const classify = loadClassifier(learnedBy(source, parseNetwork(bytes)));
    const { quantizedFile, fidelity } = quantizeGenerator(bytes, classify);
    const kept = await writeWeights(out, quantizedFile, replace);
    process.stdout.write(`${source} → ${out}\n${reportOf(fidelity)}\n`);
    if (kept !== undefined) process.stdout.write(`${kept}\n`);
  } catch (error) {
    if (error instanceof RunError) throw error.withAdvice(ADVICE);
    if (!(error instanceof FloatFileError)) throw error;
    throw new Failure(`${source}: found no float generator in it (${error.message}).`);
  }
  return 0;
});

/**
 * The classifier that the generator will be served with, if there is one, and if its data have classes.
 * @throws Failure if it has learned from other data
 */
function loadClassifier(generator: Learned) {
  if (hasNoClasses(generator.origin) || !existsSync(CLASSIFIER)) return undefined;
  const file = readFileSync(CLASSIFIER);
  requireSameData(generator, learnedBy(CLASSIFIER, readClassifier(file)));
  return loadEngine(file).classify;
}

function readClassifier(file: Uint8Array): Network {
  try {
    return readNetwork(file);
  } catch (error) {
    throw new Failure(`${CLASSIFIER}: found weights that cannot be used: ${reasonOf(error)}.`);
  }
}

function reportOf({
  latents,
  meanAbsError,
  maxAbsError,
  p999AbsError,
  within16,
  sameClass,
}: Fidelity): string {
  const errors = [
    `mean ${meanAbsError.toFixed(3)}`,
    `99.9 % of the pixels at most ${p999AbsError}`,
    `${(within16 * 100).toFixed(3)} % at most 16`,
    `largest ${maxAbsError}`,
    ...(sameClass === undefined
      ? []
      : [`${(sameClass * 100).toFixed(2)} % of the digits of the same class to the classifier`]),
  ];
  return `Off the float generator, in grey levels of 0…255 over ${latents} latents: ${errors.join(', ')}.`;
}
