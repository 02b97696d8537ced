/** The same seed gives the same digit in Node and in the Workers runtime, today and next year. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createModel } from '../../src/weights/model.ts';
import { loadKernel } from '../../training/bundle/engine.ts';
import { packedOf, randomClassifier, randomNetwork } from '../training/bundle/networks.ts';
import type { DigitDocument } from './documents.ts';
import { hashOfPixels, readGolden, shippedModel, summaryOf } from './golden.ts';
import { startWorker, type WorkerUnderTest } from './worker.ts';

const kernel = loadKernel();

async function digitFrom(worker: WorkerUnderTest, seed: string, raw = 0): Promise<DigitDocument> {
  const response = await worker.fetch(`/digit.json?raw=${raw}&seed=${encodeURIComponent(seed)}`);
  return (await response.json()) as DigitDocument;
}

describe('the shipped model', () => {
  const { model, digits } = readGolden();
  let worker: WorkerUnderTest;
  beforeAll(async () => {
    worker = await startWorker();
  });
  afterAll(() => worker.stop());

  test('has the hash that its digits were recorded with (new weights? see golden.ts)', () => {
    expect(shippedModel().hash).toBe(model);
  });

  test.each(Object.entries(digits))('draws %s in Node', (seed, golden) => {
    expect(summaryOf(shippedModel().sampler.digit(seed))).toEqual(golden);
  });

  test.each(Object.entries(digits))('draws %s in the Workers runtime', async (seed, golden) => {
    expect(summaryOf(await digitFrom(worker, seed))).toEqual(golden);
  });
});

// A network that no training changes, so that the arithmetic is held fixed by itself.
describe('a random network', () => {
  const model = packedOf(randomNetwork([100, 57, 301, 784], 'golden'), randomClassifier());
  const expected = {
    seed: '704811d1dffb0708b2efcd562610ca9314091736e1ddf566d179ab8a67320619',
    'other seed': '410f517af0d1782c07cc39369895a0b8de98f6ae7240485d57cacc4884633308',
  };

  test('draws the same in Node as ever', () => {
    const sampler = createModel(kernel, model).sampler;
    const found = Object.keys(expected).map((seed) => [
      seed,
      hashOfPixels(sampler.digit(seed, { raw: true }).pixels),
    ]);
    expect(Object.fromEntries(found)).toEqual(expected);
  });

  test('draws the same in the Workers runtime as ever', async () => {
    const worker = await startWorker({ model });
    const found: [string, string][] = [];
    for (const seed of Object.keys(expected)) {
      found.push([seed, hashOfPixels((await digitFrom(worker, seed, 1)).pixels)]);
    }
    await worker.stop();
    expect(Object.fromEntries(found)).toEqual(expected);
  });
});
