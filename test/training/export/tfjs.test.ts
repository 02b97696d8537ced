/** The exported model, loaded again by tfjs itself from its files. */

import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';

import { exportGenerator } from '../../../training/export/export.ts';
import { temporaryFolder } from '../helpers.ts';
import { drawn, generators, largestDifference, TOLERANCE } from './drawn.ts';

beforeAll(() => tf.setBackend('cpu'));

test.each(generators)('tf.loadLayersModel loads $name, which draws the same', async (given) => {
  const { generator, latents, pixels, count } = drawn(given);
  const folder = join(temporaryFolder(), 'model');
  const tensors = tf.memory().numTensors;
  const written = await exportGenerator(generator, 'tfjs', folder);
  expect(tf.memory().numTensors).toBe(tensors);
  expect(written).toEqual([join(folder, 'weights.bin'), join(folder, 'model.json')]);

  const model = await tf.loadLayersModel(filesIn(folder));
  const { inputs } = generator.layers[0];
  const outputs = model.predict(tf.tensor2d(latents, [count, inputs])) as tf.Tensor;
  expect(largestDifference(await outputs.data(), pixels)).toBeLessThan(TOLERANCE);
  expect(model.getUserDefinedMetadata()).toEqual(generator.metadata);
});

test('replaces what an earlier export has left', async () => {
  const folder = join(temporaryFolder(), 'model');
  mkdirSync(folder);
  await exportGenerator(generators[0].generator(), 'tfjs', folder);
  const first = readFileSync(join(folder, 'model.json'));
  await exportGenerator(generators[0].generator(), 'tfjs', folder);
  expect(readFileSync(join(folder, 'model.json'))).toEqual(first);
});

/** Reads the model's files, as tfjs's own handler does by HTTP. */
function filesIn(folder: string): tf.io.IOHandler {
  const fetchFunc: typeof fetch = async (input) =>
    new Response(
      readFileSync(join(folder, new URL(input instanceof Request ? input.url : input).pathname)),
    );
  return tf.io.http('http://localhost/model.json', { fetchFunc });
}
