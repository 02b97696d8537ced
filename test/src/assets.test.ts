/** Static assets: what the platform answers below /assets/ without running the Worker, and that `/` stays the Worker's. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { readPacked } from '../../src/weights/packed.ts';
import { bytesOf, problemOf } from './documents.ts';
import { startWorker, type WorkerUnderTest } from './worker.ts';

const ROOT = join(import.meta.dirname, '../..');

let worker: WorkerUnderTest;
beforeAll(async () => {
  worker = await startWorker();
});
afterAll(() => worker.stop());

test('the current model is one, under its hash, for ever and for pages of any origin', async () => {
  const { model } = (await (await worker.fetch('/health')).json()) as { model: string };
  const answer = await worker.fetch(`/assets/models/${model}.safetensors`);
  expect(answer.status).toBe(200);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'access-control-allow-origin': '*',
    'cache-control': 'public, max-age=31536000, immutable',
    'content-type': 'application/octet-stream',
    'cross-origin-resource-policy': 'cross-origin',
    'x-content-type-options': 'nosniff',
  });
  const bytes = await bytesOf(answer);
  expect(bytes).toEqual(new Uint8Array(readFileSync(join(ROOT, 'build/model.safetensors'))));
  expect(readPacked(bytes).hash.startsWith(model)).toBe(true);
});

test('the index of snapshots is read anew after an hour at the latest', async () => {
  const answer = await worker.fetch('/assets/snapshots/index.json');
  expect(answer.headers.get('Cache-Control')).toBe('public, max-age=3600');
  expect(answer.headers.get('Access-Control-Allow-Origin')).toBe('*');
  expect(answer.headers.get('Content-Type')).toMatch(/^application\/json\b/);
  expect(await answer.json()).toEqual({ snapshots: expect.any(Array), metrics: expect.any(Array) });
});

test.each(['/assets/models/0123456789abcdef.safetensors', '/assets/', '/_headers', '/index.html'])(
  '%s is none, and the Worker says so',
  async (path) => {
    const answer = await worker.fetch(path);
    expect(answer.status).toBe(404);
    expect((await problemOf(answer)).detail).toContain(path);
  },
);

test('/ is the Worker’s', async () => {
  expect((await worker.fetch('/')).headers.get('Content-Type')).toBe('image/png');
});
