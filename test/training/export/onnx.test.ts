/** The exported model in ONNX Runtime, which others wrote. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as ort from 'onnxruntime-web/wasm';
import { expect, test } from 'vitest';

import { exportGenerator } from '../../../training/export/export.ts';
import { temporaryFolder } from '../helpers.ts';
import { drawn, generators, largestDifference, TOLERANCE } from './drawn.ts';

ort.env.wasm.numThreads = 1;

test.each(generators)('ONNX Runtime loads $name, which draws the same', async (given) => {
  const { generator, latents, pixels, count } = drawn(given);
  const file = join(temporaryFolder(), 'generator.onnx');
  expect(await exportGenerator(generator, 'onnx', file)).toEqual([file]);

  const session = await ort.InferenceSession.create(readFileSync(file));
  expect(session.inputNames).toEqual(['latent']);
  expect(session.outputNames).toEqual(['pixels']);
  const { inputs } = generator.layers[0];
  const outputs = await session.run({ latent: new ort.Tensor(latents, [count, inputs]) });
  expect(outputs['pixels'].dims).toEqual([count, pixels.length / count]);
  const data = outputs['pixels'].data as Float32Array;
  expect(largestDifference(data, pixels)).toBeLessThan(TOLERANCE);
  await session.release();
});
