/**
 * A long run of a small network: what it holds must stay level. Files, previews and checkpoints are written as in any
 * other run. Not here: how fast a step is.
 */

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import * as tf from '@tensorflow/tfjs';

import { Random } from '../../src/sampler/random.ts';
import { startBackend } from '../backend/index.ts';
import { build } from '../bundle/build.ts';
import { TRAINING_KERNELS } from '../bundle/kernels.ts';
import type { Dataset } from '../data/dataset.ts';
import { train } from '../gan/loop.ts';
import { DEFAULTS } from '../gan/recipe.ts';
import type { Attack, Watch } from './attack.ts';
import { inTemporaryFolder } from './folder.ts';
import { growthOf } from './memory.ts';

const THREADS = 2;
const STEPS_PER_EPOCH = 50;
const SIZES = { latentSize: 8, generatorUnits: [32, 64], discriminatorUnits: [32, 16, 1] };
/** How many times a run is looked at. */
const LOOKS = 20;
/** Files that are being written, and the threads' own, come and go. */
const MAX_MORE_HANDLES = 8;
/** Where Linux lists a process's open files. */
const OPEN_FILES = '/proc/self/fd';

interface Sample {
  readonly memory: number;
  readonly tensors: number;
  readonly handles: number;
}

export const steps: Attack = {
  cases: 'steps',
  about: 'steps of one training, whose memory, tensors and handles must stay level',
  preset: 5000,
  async run(seed, count, watch) {
    await build([TRAINING_KERNELS]);
    const backend = await startBackend({ threads: THREADS, relaxedSimd: false });
    try {
      const samples = await inTemporaryFolder((folder) =>
        samplesOf(join(folder, 'run'), seed, count, watch),
      );
      return describe(samples, watch);
    } finally {
      await backend.stop();
    }
  },
};

async function samplesOf(
  out: string,
  seed: string,
  count: number,
  watch: Watch,
): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  const every = Math.ceil(count / LOOKS);
  let done = 0;
  const stepped = (): void => {
    done += 1;
    if (done % every === 0) samples.push(sample());
    watch.done(Math.min(done, count));
  };
  await train({
    settings: {
      ...DEFAULTS,
      batchSize: 16,
      latentSize: SIZES.latentSize,
      epochs: Math.ceil(count / STEPS_PER_EPOCH),
      stepsPerEpoch: STEPS_PER_EPOCH,
      checkpointEvery: 1,
      sampleEvery: 10,
      evaluateEvery: 0,
      seed: Number(seed),
      threads: THREADS,
      relaxedSimd: false,
      out,
    },
    dataset: noise(seed),
    checkpoint: undefined,
    computing: { threads: THREADS, relaxedSimd: false },
    sizes: SIZES,
    progress: { say: () => {}, stepped, paused: () => {}, end: () => {} },
    interrupted: () => false,
  });
  return samples;
}

function noise(seed: string): Dataset {
  const [count, side] = [64, 8];
  const random = Random.fromString(seed);
  return {
    name: 'noise',
    count,
    width: side,
    height: side,
    images: Uint8Array.from({ length: count * side * side }, () => random.below(256)),
    labels: undefined,
    classes: [],
    sha256: '00'.repeat(32),
  };
}

function sample(): Sample {
  return {
    memory: process.memoryUsage.rss(),
    tensors: tf.memory().numTensors,
    handles:
      process.getActiveResourcesInfo().length +
      (existsSync(OPEN_FILES) ? readdirSync(OPEN_FILES).length : 0),
  };
}

function describe(samples: readonly Sample[], watch: Watch): string {
  const [first, last] = [samples[0], samples[samples.length - 1]];
  if (last.tensors !== first.tensors) {
    watch.found(`${first.tensors} tensors became ${last.tensors}`);
  }
  const half = samples.slice(0, Math.ceil(samples.length / 2));
  const most = Math.max(...half.map(({ handles }) => handles));
  if (last.handles > most + MAX_MORE_HANDLES) {
    watch.found(`${most} open handles and files became ${last.handles}`);
  }
  const memory = growthOf(
    samples.map((each) => each.memory),
    watch,
  );
  return `${last.tensors} tensors, ${last.handles} handles and files, ${memory}.`;
}
