/** The fast path (threads, kernels of our own) beside the slow one (tfjs's kernels): the same training. */

import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';

import { Random } from '../../../src/sampler/random.ts';
import { type BackendOptions, startBackend } from '../../../training/backend/index.ts';
import { readDataset } from '../../../training/data/read.ts';
import { recipeSizes } from '../../../training/gan/networks.ts';
import { DEFAULTS } from '../../../training/gan/recipe.ts';
import { type Losses, step } from '../../../training/gan/step.ts';
import { createTrainer } from '../../../training/gan/trainer.ts';

/** Rounding differs, and a GAN amplifies it from step to step: only the first ones can be compared. */
const COMPARED = 20;

const fast: BackendOptions = { threads: 2, relaxedSimd: true };
const slow: BackendOptions = {
  threads: 1,
  relaxedSimd: false,
  features: { simd: false, relaxedSimd: false, threads: false },
};

async function lossesOn(options: BackendOptions, steps: number): Promise<Losses[]> {
  const backend = await startBackend(options);
  const dataset = await readDataset();
  const random = Random.fromString('both paths');
  const trainer = createTrainer(DEFAULTS, random, { sizes: recipeSizes(DEFAULTS, dataset) });
  const losses = Array.from({ length: steps }, () => step(trainer, dataset, DEFAULTS, random));
  tf.disposeVariables();
  await backend.stop();
  return losses;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value) / values.length;
}

test('the recipe has the same losses on both paths', async () => {
  const [ours, theirs] = [await lossesOn(fast, COMPARED), await lossesOn(slow, COMPARED)];
  for (const [index, expected] of theirs.entries()) {
    for (const name of ['discriminatorLoss', 'generatorLoss'] as const) {
      const difference = Math.abs(ours[index][name] - expected[name]) / expected[name];
      expect(difference, `${name} of step ${index + 1}`).toBeLessThan(1e-3);
    }
  }
});

test('neither network has won after 200 steps', async () => {
  const last = (await lossesOn(fast, 200)).slice(-50);
  // Above its floor under smoothing of 0.163, where the discriminator has won, and below chance.
  const discriminatorLoss = mean(last.map((loss) => loss.discriminatorLoss));
  expect(discriminatorLoss).toBeGreaterThan(0.25);
  expect(discriminatorLoss).toBeLessThan(0.8);
  const generatorLoss = mean(last.map((loss) => loss.generatorLoss));
  expect(generatorLoss).toBeGreaterThan(0.4);
  expect(generatorLoss).toBeLessThan(4);
});
