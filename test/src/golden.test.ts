/** The same seed gives the same digit in Node and in the Workers runtime, today and next year. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createModel } from '../../src/weights/model.ts';
import { ROOT } from '../../training/bundle/build.ts';
import { earlierFiles } from '../../training/bundle/earlier.ts';
import { loadKernel } from '../../training/bundle/engine.ts';
import { packedOf, randomClassifier, randomNetwork } from '../training/bundle/networks.ts';
import { bytesOf, type DigitDocument } from './documents.ts';
import {
  earlierModel,
  goldenOf,
  hashOf,
  readEarlierGoldens,
  readGolden,
  shippedModel,
  summaryOf,
} from './golden.ts';
import { startWorker, type WorkerUnderTest } from './worker.ts';

const kernel = loadKernel();

async function digitFrom(
  worker: WorkerUnderTest,
  seed: string,
  query = 'raw=0',
): Promise<DigitDocument> {
  const response = await worker.fetch(`/digit.json?${query}&seed=${encodeURIComponent(seed)}`);
  return (await response.json()) as DigitDocument;
}

describe('the models that answer (new weights? see golden.ts)', () => {
  const earlier = readEarlierGoldens();
  let worker: WorkerUnderTest;
  beforeAll(async () => {
    worker = await startWorker();
  });
  afterAll(() => worker.stop());

  test('are those whose digits are recorded', () => {
    expect(shippedModel().hash).toBe(readGolden().model);
    const kept = earlierFiles(ROOT).map(({ hash }) => hash);
    expect(kept).toEqual(earlier.map(({ model }) => model).toSorted());
  });

  test('draw and answer in Node as ever', async () => {
    expect(await goldenOf(shippedModel())).toEqual(readGolden());
    for (const golden of earlier) {
      expect(await goldenOf(earlierModel(golden.model))).toEqual(golden);
    }
  });

  test.each([readGolden(), ...earlier])(
    '$model draws and answers in the Workers runtime as ever',
    async ({ model, digits, answers }) => {
      for (const [seed, golden] of Object.entries(digits)) {
        expect(summaryOf(await digitFrom(worker, seed, `model=${model}`))).toEqual(golden);
      }
      for (const [path, golden] of Object.entries(answers)) {
        const answer = await worker.fetch(`${path}&model=${model}`);
        expect(hashOf(await bytesOf(answer))).toBe(golden);
        expect(answer.headers.get('X-Digit-Model')).toBe(model.slice(0, 16));
        expect(answer.headers.get('Cache-Control')).toContain('immutable');
      }
    },
  );

  test('draw what they are named for where nobody names one', async () => {
    const [[seed, golden]] = Object.entries(readGolden().digits);
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
      hashOf(sampler.digit(seed, { raw: true }).pixels),
    ]);
    expect(Object.fromEntries(found)).toEqual(expected);
  });

  test('draws the same in the Workers runtime as ever', async () => {
    const worker = await startWorker({ model });
    const found: [string, string][] = [];
    for (const seed of Object.keys(expected)) {
      const { pixels } = await digitFrom(worker, seed, 'raw=1');
      found.push([seed, hashOf(Uint8Array.from(pixels))]);
    }
    await worker.stop();
    expect(Object.fromEntries(found)).toEqual(expected);
  });
});
