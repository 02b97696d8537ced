/**
 * `npm run mint`: from pictures to a Worker of one's own. Each stage is a command of its own, run as a user would: this file
 * only knows their order, what each leaves in the run's folder, and so where to go on.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { parseSafetensors } from '../../src/weights/safetensors.ts';
import { REPLACE_ABOUT, writeWeights } from '../bundle/replace.ts';
import { UsageError, runCommand } from '../cli/failure.ts';
import { type Flags, argumentsOf, helpText, parseFlags, path, present } from '../cli/flags.ts';
import { DATA_OPTION_NAMES, type DataOptions } from '../data/options.ts';
import { readDataset } from '../data/read.ts';
import { pathsOf } from '../gan/run-folder.ts';
import { dataFlags, readingFor } from './data-flags.ts';
import { type TrainFlags, trainFlags } from './train-flags.ts';

const USAGE = 'npm run mint -- --data DIR [flags]';
const ABOUT =
  'From pictures to a Worker of your own: trains a GAN and a classifier on them, quantizes both, and draws a preview. ' +
  'The same command goes on where it was stopped.';
const OUT = 'runs/mint';
const GENERATOR = 'weights/generator.safetensors';
const CLASSIFIER = 'weights/classifier.safetensors';
/** How the shipped generator was trained, but for what only long runs need: other than the recipe, but better. */
const OPTIONS = '--generator-lr 4e-4 --discriminator-lr 4e-4 --ema 0.9997'.split(' ');
const PREVIEW_COUNT = '100';

type MintFlags = DataOptions &
  Pick<TrainFlags, 'epochs' | 'stepsPerEpoch' | 'batchSize' | 'out' | 'seed' | 'threads'> & {
    replace: boolean;
  };

const { epochs, stepsPerEpoch, batchSize, seed, threads } = trainFlags;
const flags: Flags<MintFlags> = {
  ...dataFlags,
  data: { ...dataFlags.data, shown: 'no default' },
  epochs,
  stepsPerEpoch,
  batchSize,
  out: path('out', 'RUN', "the run's folder", OUT, OUT),
  seed,
  threads,
  replace: present('replace', REPLACE_ABOUT),
};

await runCommand(async () => {
  const parsed = parseFlags(flags, process.argv.slice(2));
  if (parsed.help) {
    process.stdout.write(helpText(USAGE, ABOUT, flags));
    return 0;
  }
  const { values, given } = parsed;
  if (values.data === null) {
    throw new UsageError('--data: missing, expected the pictures to learn from.');
  }
  const common = argumentsOf(flags, values, [...DATA_OPTION_NAMES, 'threads']);
  const { out, replace } = values;
  const isLabelled = (await readDataset(values, readingFor(true))).labels !== undefined;
  const run = pathsOf(out);
  const ofTraining = Array.from(given).filter((name) => name !== 'replace');

  const trained = existsSync(run.config)
    ? await runStage('The GAN', 'train', [
        ...common,
        ...argumentsOf(flags, values, ['out', ...ofTraining]),
        '--resume',
      ])
    : await runStage('The GAN', 'train', [
        ...common,
        ...argumentsOf(flags, values, ['out', 'epochs', 'stepsPerEpoch', 'batchSize', 'seed']),
        ...(isLabelled ? ['--conditional'] : []),
        ...OPTIONS,
      ]);
  if (trained !== 0) return trained;

  const classifier = join(out, 'classifier.safetensors');
  if (isLabelled && !existsSync(classifier)) {
    const seeded = argumentsOf(flags, values, ['seed']);
    const args = [...common, ...seeded, '--out', classifier];
    const code = await runStage('The classifier', 'train-classifier', args);
    if (code !== 0) return code;
  }
  // The new classifier may go with the generator so far, but no Worker has been built of the two: nothing more is kept.
  const kept = isLabelled && (await writeWeights(CLASSIFIER, readFileSync(classifier), replace));
  if (kept) process.stdout.write(`${kept}\n`);

  if (!isQuantized(run.generator)) {
    const done = replace || kept ? ['--replace'] : [];
    const code = await runStage('Quantization', 'quantize', ['--from', out, ...done]);
    if (code !== 0) return code;
  }
  const preview = join(out, 'preview.png');
  const code = await runStage('The preview', 'sample', [
    '--count',
    PREVIEW_COUNT,
    '--out',
    preview,
  ]);
  if (code !== 0) return code;
  process.stdout.write(
    `The Worker draws pictures like ${preview} now. To see it: npm start, then open http://localhost:8787; ` +
      'to put it on the web: npx wrangler deploy\n',
  );
  return 0;
});

/** Whether the weights that the Worker is built with are this generator's; if they cannot be read, they are not. */
function isQuantized(generator: string): boolean {
  const sha256 = createHash('sha256').update(readFileSync(generator)).digest('hex');
  try {
    return parseSafetensors(readFileSync(GENERATOR)).metadata['sha256'] === sha256;
  } catch {
    return false;
  }
}

/** Runs the command of a stage to its end, and returns its exit code. What it says, it says to the user. */
async function runStage(name: string, command: string, args: readonly string[]): Promise<number> {
  process.stdout.write(`\n${name}\n`);
  const file = fileURLToPath(new URL(`${command}.ts`, import.meta.url));
  const stage = spawn(process.execPath, [file, ...args], { stdio: 'inherit' });
  const stopForwarding = forwardSignals(stage);
  const [code, signal] = (await once(stage, 'exit')) as [number | null, NodeJS.Signals | null];
  stopForwarding();
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}

/** Ctrl-C reaches the stage by itself, since a terminal sends it to all processes. */
function forwardSignals(stage: ChildProcess): () => void {
  const listeners = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((signal) => {
    const listener = (): void => void (signal === 'SIGINT' || stage.kill(signal));
    process.on(signal, listener);
    return () => process.off(signal, listener);
  });
  return () => listeners.forEach((remove) => remove());
}
