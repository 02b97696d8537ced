/** `npm run train:wasm`: trains the recipe. Flags in, one call, exit code out. */

import { resolve } from 'node:path';

import { type Backend, startBackend } from '../backend/index.ts';
import { build } from '../bundle/build.ts';
import { TRAINING_KERNELS } from '../bundle/kernels.ts';
import { UsageError, runCommand } from '../cli/failure.ts';
import { type Parsed, helpText, parseFlags } from '../cli/flags.ts';
import { exitCodeOf, listenForStop } from '../cli/interrupt.ts';
import { createCounter, createProgress } from '../cli/progress.ts';
import { type Dataset, requireLabels } from '../data/dataset.ts';
import { DATA_OPTION_NAMES } from '../data/options.ts';
import { readDataset } from '../data/read.ts';
import { createFrechetOf } from '../evaluation/frechet-of.ts';
import { loadReference, referenceOf, stepsOfReference } from '../evaluation/reference.ts';
import { setAside } from '../gan/checkpoint.ts';
import {
  type ExistingRun,
  RunError,
  lockRun,
  openRun,
  requireNoRun,
  requireRun,
  requireSameData,
} from '../gan/existing-run.ts';
import { train } from '../gan/loop.ts';
import { recipeSizes } from '../gan/networks.ts';
import type { Settings } from '../gan/recipe.ts';
import { type StartingWeights, readStartingWeights } from '../gan/starting-weights.ts';
import { readingFor } from './data-flags.ts';
import { nextSteps, resumeCommand, withAdvice } from './train-advice.ts';
import { type TrainFlags, resumeSettings, trainFlags } from './train-flags.ts';

const USAGE = 'npm run train:wasm -- [flags]';
const ABOUT =
  'Trains the GAN of the recipe, on MNIST or data of your own, on a threaded WebAssembly backend.';
const STOPPING = 'Stopping after this step to save a checkpoint; Ctrl-C leaves at once.';

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
  const { resume, summary, ...asked } = values;
  const places = absolute(asked);
  (resume ? requireRun : requireNoRun)(asked.out);
  if (resume) lockRun(asked.out);
  const existing = resume ? openRun(asked.out) : undefined;
  const settings = existing
    ? resumeSettings(existing, { values: { ...values, ...places }, given })
    : { ...asked, ...places };

  const isEvaluated = settings.evaluateEvery > 0;
  const dataset = await readDataset(settings, readingFor(settings.conditional || isEvaluated));
  if (settings.conditional) requireLabels(dataset, '--conditional');
  if (existing !== undefined) requireSameContent(existing, dataset, isDataGiven(given));

  const isNew = existing?.checkpoint === undefined;
  const start =
    isNew && settings.from !== null
      ? readStartingWeights(settings.from, recipeSizes(settings, dataset))
      : undefined;

  if (!resume) {
    lockRun(asked.out);
    // Another one may have started, and even ended, in the meantime.
    requireNoRun(asked.out);
  }
  await build([TRAINING_KERNELS]);
  const progress = createProgress(process.stdout);
  for (const note of existing?.notes ?? []) progress.say(note);
  for (const { path, reason } of existing?.damaged ?? []) {
    progress.say(`${path}: damaged (${reason}); set aside, going on from the one before.`);
  }
  setAside(existing?.damaged ?? []);
  if (start !== undefined) progress.say(describeStart(settings, start));
  if (isEvaluated) await buildReference(dataset, settings);
  const backend = await startBackend(settings);
  for (const line of [describe(backend), ...backend.notes]) progress.say(line);
  const stopSignal = listenForStop(() => progress.say(STOPPING));
  try {
    const isDone = await train({
      settings,
      dataset,
      checkpoint: existing?.checkpoint,
      start,
      computing: backend,
      progress,
      summary,
      frechetOf: isEvaluated ? createFrechetOf(loadReference(dataset)) : undefined,
      interrupted: () => stopSignal() !== undefined,
    });
    progress.say(
      isDone ? nextSteps(settings, dataset) : `To go on: ${resumeCommand(settings.out)}`,
    );
    return isDone ? 0 : exitCodeOf(stopSignal() ?? 'SIGINT');
  } finally {
    progress.end();
    await backend.stop();
  }
}

function isDataGiven(given: ReadonlySet<string>): boolean {
  return DATA_OPTION_NAMES.some((name) => given.has(name));
}

/** Settings that are paths, but for the run's folder. */
type Place = 'data' | 'classNames' | 'from';

/** A run goes on from any folder. */
function absolute({ data, classNames, from }: Settings): Pick<Settings, Place> {
  const [one, another, third] = [data, classNames, from].map((path) =>
    path === null ? null : resolve(path),
  );
  return { data: one, classNames: another, from: third };
}

/** What generated pictures are compared with, made on a backend of its own. */
async function buildReference(dataset: Dataset, { threads }: Settings): Promise<void> {
  const steps = { total: stepsOfReference(dataset), name: 'steps' };
  await build([referenceOf(dataset, threads, createCounter(process.stdout, steps))]);
}

/** Another file may hold the same data. */
function requireSameContent(existing: ExistingRun, dataset: Dataset, isGiven: boolean): void {
  try {
    requireSameData(existing, dataset);
  } catch (error) {
    if (!isGiven || !(error instanceof RunError)) throw error;
    const found = `found other data than the run in ${existing.settings.out} has learned from`;
    throw new UsageError(`--data: ${found}, expected the same.`);
  }
}

function describeStart({ from }: Settings, { checkpoint }: StartingWeights): string {
  const discriminator = checkpoint ? `the one in ${checkpoint.path}` : 'a new one';
  return `Starting from the generator in ${from}; the discriminator is ${discriminator}.`;
}

function describe({ threads, simd, relaxedSimd }: Backend): string {
  const instructions = simd ? (relaxedSimd ? 'relaxed SIMD' : 'SIMD') : 'no SIMD';
  return `Training in WebAssembly with ${instructions} on ${threads} ${threads === 1 ? 'thread' : 'threads'}.`;
}
