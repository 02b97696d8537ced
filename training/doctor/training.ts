/** Takes a few steps of the recipe on all cores: how long one takes, and how much memory. */

import { randomFillSync } from 'node:crypto';
import { availableParallelism, loadavg } from 'node:os';

import { Random } from '../../src/sampler/random.ts';
import { type Backend, startBackend } from '../backend/index.ts';
import { build } from '../bundle/build.ts';
import { TRAINING_KERNELS } from '../bundle/kernels.ts';
import { Failure } from '../cli/failure.ts';
import type { Dataset } from '../data/dataset.ts';
import { readDataset } from '../data/read.ts';
import { recipeSizes } from '../gan/networks.ts';
import { DEFAULTS, MNIST_SIZE } from '../gan/recipe.ts';
import { step } from '../gan/step.ts';
import { createTrainer } from '../gan/trainer.ts';
import { judge, type Line } from './line.ts';

/** Steps that do not count: the engine compiles, caches fill. */
const WARM_UP_MS = 2500;
const MEASURED_MS = 5000;
const MIN_STEPS = 5;
/** What this project aims at for the whole process; a longer run takes no more. */
const MAX_MEMORY_MB = 500;
/** The load (processes that want a core, averaged over a minute) up to which a machine counts as idle. */
const MAX_QUIET_LOAD = 0.5;
/** Images of noise, if there is no data set. */
const RANDOM_IMAGES = 1000;

export async function trainingLines(): Promise<Line[]> {
  const load = loadavg()[0];
  const { dataset, line: datasetLine } = await findDataset();
  await build([TRAINING_KERNELS]);
  const backend = await startBackend({ threads: 'auto', relaxedSimd: true });
  try {
    return [datasetLine, ...measure(backend, dataset, load)];
  } finally {
    await backend.stop();
  }
}

/** MNIST or, without it, noise of the same shape, for which a step takes as long. */
async function findDataset(): Promise<{ dataset: Dataset; line: Line }> {
  const name = 'data set';
  try {
    const dataset = await readDataset();
    const found = `${dataset.name}, ${dataset.count} images`;
    return { dataset, line: { name, found, verdict: 'ok' } };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { width, height } = MNIST_SIZE;
    const dataset = {
      name: 'noise',
      count: RANDOM_IMAGES,
      images: randomFillSync(new Uint8Array(RANDOM_IMAGES * width * height)),
      width,
      height,
      classes: [],
      labels: undefined,
      sha256: '',
    };
    return { dataset, line: { name, found: 'none', verdict: 'missing', advice: error.message } };
  }
}

function measure(backend: Backend, dataset: Dataset, load: number): Line[] {
  const settings = DEFAULTS;
  const random = Random.fromString('doctor');
  const trainer = createTrainer(settings, random, { sizes: recipeSizes(settings, dataset) });
  const timesFor = (durationMs: number): number[] => {
    const timesMs: number[] = [];
    const endMs = performance.now() + durationMs;
    while (timesMs.length < MIN_STEPS || performance.now() < endMs) {
      const startMs = performance.now();
      step(trainer, dataset, settings, random);
      timesMs.push(performance.now() - startMs);
    }
    return timesMs;
  };
  timesFor(WARM_UP_MS);
  const [startMs, startCpu] = [performance.now(), process.cpuUsage()];
  const timesMs = timesFor(MEASURED_MS);
  const { user, system } = process.cpuUsage(startCpu);
  const busy = (user + system) / 1000 / (performance.now() - startMs);

  const stepMs = timesMs.toSorted((a, b) => a - b)[timesMs.length >> 1];
  const steps = settings.epochs * settings.stepsPerEpoch;
  const peakMb = Math.round(process.resourceUsage().maxRSS / 1024);
  const { threads, wide, notes } = backend;
  const cores = availableParallelism();
  return [
    { name: 'tiles of products', found: wide ? '256 bits' : '128 bits', verdict: 'ok' },
    judge(
      'threads',
      `${threads} of ${cores} cores, ${busy.toFixed(1)} busy`,
      threads === cores,
      notes.join(' '),
    ),
    judge(
      'one training step',
      `${stepMs.toFixed(1)} ms, median of ${timesMs.length}`,
      load < MAX_QUIET_LOAD,
      `other programs keep this machine busy (load ${load.toFixed(1)}): faster without them`,
    ),
    {
      name: `${settings.epochs} epochs`,
      found: durationOf(Math.round((stepMs * steps) / 60_000)),
      verdict: 'ok',
    },
    judge(
      'memory of training',
      `${peakMb} MB at most`,
      peakMb <= MAX_MEMORY_MB,
      `above the ${MAX_MEMORY_MB} MB that this project aims at`,
    ),
  ];
}

function durationOf(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  return hours > 0 ? `about ${hours} h ${minutes % 60} min` : `about ${minutes} min`;
}
