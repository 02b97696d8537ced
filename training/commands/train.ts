/** `npm run train:wasm`: trains the recipe. Arguments in, one call, exit code out. */

import { resolve } from 'node:path';

import { CLASSES } from '../../src/digit.ts';
import { type Backend, FusedAdam, PoolError, startBackend } from '../backend/index.ts';
import { build } from '../bundle/build.ts';
import { TRAINING_KERNELS } from '../bundle/kernels.ts';
import { Failure, runCommand } from '../cli/failure.ts';
import { helpText, parseFlags } from '../cli/flags.ts';
import { listenForInterrupt } from '../cli/interrupt.ts';
import { createProgress } from '../cli/progress.ts';
import { readDataset, requireClasses } from '../data/dataset.ts';
import { setAside } from '../gan/checkpoint.ts';
import { train } from '../gan/loop.ts';
import { resumeSettings, trainFlags } from '../gan/recipe.ts';
import { openRun, requireNoRun } from '../gan/run-folder.ts';

const USAGE = 'npm run train:wasm -- [flags]';
const STOPPING = 'Stopping after this step to save a checkpoint; Ctrl-C again leaves at once.';
const ABOUT = 'Trains the GAN of the recipe on MNIST, on a threaded WebAssembly backend.';

await runCommand(async () => {
  const asked = parseFlags(trainFlags, process.argv.slice(2));
  if (asked.help) {
    process.stdout.write(helpText(USAGE, ABOUT, trainFlags));
    return 0;
  }
  const { resume, ...values } = asked.values;
  if (values.data !== null) values.data = resolve(values.data);
  const existing = resume ? openRun(values.out) : undefined;
  if (existing === undefined) requireNoRun(values.out);
  const settings = existing
    ? resumeSettings(existing.settings, { values, given: asked.given })
    : values;

  const dataset = readDataset(settings.data);
  if (settings.conditional) requireClasses(dataset, CLASSES, '--conditional');
  const checkpoint = existing?.checkpoint;
  if (checkpoint !== undefined && checkpoint.datasetSha256 !== dataset.sha256) {
    throw new Failure(
      `${dataset.name}: found other data than the run in ${settings.out} learnt from.`,
    );
  }

  await build([TRAINING_KERNELS]);
  const progress = createProgress(process.stdout);
  for (const { path, reason } of existing?.damaged ?? []) {
    progress.say(`${path}: damaged (${reason}); set aside, going on from the one before.`);
  }
  setAside(existing?.damaged ?? []);
  const backend = await startBackend(settings);
  for (const line of [describe(backend), ...backend.notes]) progress.say(line);
  try {
    const done = await train({
      settings,
      dataset,
      checkpoint,
      makeAdam: (...parameters) => new FusedAdam(...parameters),
      computing: backend,
      progress,
      interrupted: listenForInterrupt(() => progress.say(STOPPING)),
    });
    return done ? 0 : 130;
  } catch (error) {
    if (error instanceof PoolError) {
      const advice = `npm run train:wasm -- --out ${settings.out} --resume`;
      throw new Failure(`${error.message} To go on from the newest checkpoint: ${advice}`);
    }
    throw error;
  } finally {
    progress.end();
    await backend.stop();
  }
});

function describe({ threads, simd, relaxedSimd }: Backend): string {
  const instructions = simd ? (relaxedSimd ? 'relaxed SIMD' : 'SIMD') : 'no SIMD';
  return `Training in WebAssembly with ${instructions} on ${threads} ${threads === 1 ? 'thread' : 'threads'}.`;
}
