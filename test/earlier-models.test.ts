/**
 * Permalinks outlive weights, the whole way: `quantize` puts other weights in the place of those that ship, the Worker is
 * built and runs in the Workers runtime, and what was handed out before gives the bytes of before.
 */

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { copyOfProject, type Project, uploadOf } from './project.ts';
import { bytesOf, problemOf } from './src/documents.ts';
import { startWorker, type WorkerUnderTest } from './src/worker.ts';
import { floatFileOf, generatorOf } from './training/quantization/generators.ts';

const MINUTES = 60_000;
const ASKED = ['/digit.png', '/7.svg?scale=3', '/digits.json?count=3', '/walk.gif?frames=3'];

interface Answer {
  readonly location: string;
  readonly etag: string | null;
  readonly bytes: Uint8Array;
}

let before: readonly Answer[];
let models: { readonly old: string; readonly new: string };
let project: Project;
let worker: WorkerUnderTest;

async function modelOf(of: WorkerUnderTest): Promise<string> {
  return ((await (await of.fetch('/health')).json()) as { model: string }).model;
}

beforeAll(async () => {
  const old = await startWorker();
  const fresh = await Promise.all(ASKED.map((path) => old.fetch(path)));
  before = await Promise.all(
    fresh.map(async ({ headers }) => {
      const location = headers.get('Content-Location')!;
      const answer = await old.fetch(location);
      return { location, etag: answer.headers.get('ETag'), bytes: await bytesOf(answer) };
    }),
  );
  const oldModel = await modelOf(old);
  await old.stop();

  project = copyOfProject();
  writeFileSync(
    join(project.folder, 'other.safetensors'),
    floatFileOf(generatorOf(2, [20, 32, 784])),
  );
  const args = ['training/commands/quantize.ts', '--from', 'other.safetensors'];
  const { status, stdout } = spawnSync(process.execPath, args, {
    cwd: project.folder,
    encoding: 'utf8',
  });
  expect(stdout).toContain(`weights/earlier/${oldModel}.safetensors: the model that shipped`);
  expect(status).toBe(0);
  worker = await startWorker({ upload: uploadOf(project) });
  models = { old: oldModel, new: await modelOf(worker) };
}, 3 * MINUTES);

afterAll(async () => {
  await worker.stop();
  project.remove();
});

test('an old permalink gives the bytes of before from a Worker with new weights', async () => {
  expect(models.new).not.toBe(models.old);
  for (const { location, etag, bytes } of before) {
    const answer = await worker.fetch(location);
    expect(answer.status).toBe(200);
    expect(await bytesOf(answer)).toEqual(bytes);
    expect(answer.headers.get('ETag')).toBe(etag);
    expect(answer.headers.get('Cache-Control')).toContain('immutable');
    const known = await worker.fetch(location, { headers: { 'If-None-Match': etag! } });
    expect(known.status).toBe(304);
  }
});

test('the Worker tells of both, and of what never was a model', async () => {
  const about = await (await worker.fetch('/model')).json();
  expect(about).toMatchObject({ model: models.new, current: models.new });
  expect((about as { earlier: string[] }).earlier).toContain(models.old);
  const answer = await worker.fetch('/digit.png?seed=a&model=0123456789');
  expect(answer.status).toBe(404);
  expect((await problemOf(answer)).detail).toMatch(new RegExp(`${models.new}.*${models.old}`));
});

test('the old model is a static asset, as the new one is', async () => {
  for (const model of [models.old, models.new]) {
    const answer = await worker.fetch(`/assets/models/${model}.safetensors`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('Cache-Control')).toContain('immutable');
  }
});
