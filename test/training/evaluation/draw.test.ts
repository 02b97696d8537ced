import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';

import { Random } from '../../../src/sampler/random.ts';
import { greyLevels } from '../../../training/data/grey-levels.ts';
import { drawFloat } from '../../../training/evaluation/draw.ts';
import { runNetwork } from '../../../training/quantization/float-network.ts';
import { drawInputs } from '../../../training/quantization/inputs.ts';
import { BACKENDS, use } from '../backend/started.ts';
import { generatorOf } from '../quantization/generators.ts';

test.each(BACKENDS)('pictures are those of plain TypeScript, on the backend %s', async (name) => {
  await use(name);
  const generator = generatorOf(2, [20, 32, 784]);
  const { reals } = drawInputs(Random.fromString('latents'), 501, generator);
  const before = tf.memory().numTensors;
  const pixels = drawFloat(generator, reals);
  expect(tf.memory().numTensors).toBe(before);
  const expected = greyLevels(runNetwork(generator, reals));
  expect(pixels).toHaveLength(expected.length);
  const errors = pixels.map((level, i) => Math.abs(level - expected[i]));
  // Where a sum is rounded otherwise, a level halfway between two may fall on the other side.
  expect(Math.max(...errors.subarray(0, 100_000))).toBeLessThanOrEqual(1);
  expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeLessThan(0.001);
});
