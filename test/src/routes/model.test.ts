/** What the service says about itself: the production bundle in the Workers runtime. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { problemOf } from '../documents.ts';
import { startWorker, type WorkerUnderTest } from '../worker.ts';

let worker: WorkerUnderTest;
beforeAll(async () => {
  worker = await startWorker();
});
afterAll(() => worker.stop());

const get = (path: string) => worker.fetch(path);

describe('/model', () => {
  test('says where the digits come from', async () => {
    const model = (await (await get('/model')).json()) as Record<string, unknown>;
    expect(model['sha256']).toMatch(/^[0-9a-f]{64}$/);
    expect(model['model']).toBe((model['sha256'] as string).slice(0, 16));
    expect(model).toMatchObject({
      recipe: { epochs: 284, batchSize: 256, conditional: true },
      epochs: 284,
      dataset: 'MNIST',
      labelled: true,
      parameters: 1_488_912,
      quantization: expect.stringContaining('int8'),
      fidelity: { latents: 10_000 },
    });
    const { accuracy } = model['classifier'] as { accuracy: number };
    expect(accuracy).toBeGreaterThanOrEqual(0.975);
  });
});

describe('/health', () => {
  test('names the model', async () => {
    const response = await get('/health');
    expect(response.headers.get('Cache-Control')).toBe('no-store');
    expect(await response.json()).toEqual({ status: 'ok', model: expect.stringMatching(/^[0-9a-f]{16}$/) }); // prettier-ignore
  });
});

describe('broken weights', () => {
  test('are a 500 without internals, and not ok for /health', async () => {
    const broken = await startWorker({ model: new Uint8Array(100), quiet: true });
    const responses = [await broken.fetch('/digit.png'), await broken.fetch('/health')];
    await broken.stop();
    for (const response of responses) {
      expect(response.status).toBe(500);
      const text = JSON.stringify(await problemOf(response));
      expect(text).not.toMatch(/safetensors|header|\.ts|\.js/i);
    }
  });
});
