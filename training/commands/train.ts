/** `npm run train:wasm`: trains the recipe. Flags in, one call, exit code out. */

import { resolve } from 'node:path';

import { CLASSES } from '../../src/digit.ts';
import { type Backend, startBackend } from '../backend/index.ts';
import { build } from '../bundle/build.ts';
import { TRAINING_KERNELS } from '../bundle/kernels.ts';
import { runCommand } from '../cli/failure.ts';
import { type Parsed, helpText, parseFlags } from '../cli/flags.ts';
import { listenForInterrupt } from '../cli/interrupt.ts';
import { createProgress } from '../cli/progress.ts';
import { readDataset, requireClasses } from '../data/dataset.ts';
import { setAside } from '../gan/checkpoint.ts';
import { openRun, requireNoRun, requireSameData } from '../gan/existing-run.ts';
import { train } from '../gan/loop.ts';
import { resumeCommand, withAdvice } from './train-advice.ts';
import { type TrainFlags, resumeSettings, trainFlags } from './train-flags.ts';

const USAGE = 'npm run train:wasm -- [flags]';
const ABOUT = 'Trains the GAN of the recipe on MNIST, on a threaded WebAssembly backend.';
const STOPPING = 'Stopping after this step to save a checkpoint; Ctrl-C again leaves at once.';

await runCommand(async () => {
  const parsed = parseFlags(trainFlags, process.argv.slice(2));
  if (parsed.help) {
    process.stdout.write(helpText(USAGE, ABOUT, trainFlags));
    return 0;
  }
  try {
    return await run(parsed);
  } catch (error) {
    throw withAdvice(error, parsed.values.out);
  }
});

async function run({ values, given }: Parsed<TrainFlags>): Promise<number> {
  const { resume, ...asked } = values;
  const data = asked.data === null ? null : resolve(asked.data);
  const existing = resume ? openRun(asked.out) : undefined;
  if (existing === undefined) requireNoRun(asked.out);
  const settings = existing
    ? resumeSettings(existing.settings, { values: { ...values, data }, given })
    : { ...asked, data };

  const dataset = readDataset(settings.data);
  if (settings.conditional) requireClasses(dataset, CLASSES, '--conditional');
  if (existing !== undefined) requireSameData(existing, dataset);

  await build([TRAINING_KERNELS]);
  const progress = createProgress(process.stdout);
  for (const { path, reason } of existing?.damaged ?? []) {
    progress.say(`${path}: damaged (${reason}); set aside, going on from the one before.`);
  }
  setAside(existing?.damaged ?? []);
  const backend = await startBackend(settings);
  for (const line of [describe(backend), ...backend.notes]) progress.say(line);
  try {
    const isDone = await train({
      settings,
      dataset,
      checkpoint: existing?.checkpoint,
      computing: backend,
      progress,
      interrupted: listenForInterrupt(() => progress.say(STOPPING)),
    });
    if (!isDone) progress.say(`To go on: ${resumeCommand(settings.out)}`);
    return isDone ? 0 : 130;
  } finally {
    progress.end();
    await backend.stop();
  }
}

function describe({ threads, simd, relaxedSimd }: Backend): string {
  const instructions = simd ? (relaxedSimd ? 'relaxed SIMD' : 'SIMD') : 'no SIMD';
  return `Training in WebAssembly with ${instructions} on ${threads} ${threads === 1 ? 'thread' : 'threads'}.`;
}
