/** What caches may keep: the production bundle in the Workers runtime. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { problemOf } from '../documents.ts';
import { DRAWN_PATHS } from '../paths.ts';
import { startWorker, type WorkerUnderTest } from '../worker.ts';

let worker: WorkerUnderTest;
let model: string;
beforeAll(async () => {
  worker = await startWorker();
  const health = (await (await worker.fetch('/health')).json()) as { model: string };
  model = health.model;
});
afterAll(() => worker.stop());

const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  worker.fetch(path, { method, headers });
const cacheControl = async (path: string) => (await get(path)).headers.get('Cache-Control');

describe('caching', () => {
  test('nothing without a seed, whatever the client has', async () => {
    for (const path of [...DRAWN_PATHS, '/walk?from=a', '/walk.gif?to=b']) {
      const response = await get(path, { 'If-None-Match': '*' });
      expect(response.status).toBe(200);
      expect(response.headers.get('Cache-Control')).toBe('no-store');
    }
  });

  test('an hour with a seed, for ever with a seed and the model', async () => {
    const forEver = 'public, max-age=31536000, immutable';
    expect(await cacheControl('/digit.png?seed=7')).toBe('public, max-age=3600');
    expect(await cacheControl(`/digit.png?seed=7&model=${model}`)).toBe(forEver);
    expect(await cacheControl(`/digit.json?model=${model.slice(0, 8).toUpperCase()}&seed=7`)).toBe(
      forEver,
    );
    expect(await cacheControl(`/digit.png?model=${model}`)).toBe('no-store');
  });

  test.each([model8('0'), model8('f')])("another model's hash is a 404: %s", async (other) => {
    const response = await get(`/digit.png?seed=7&model=${other}`);
    expect(response.status).toBe(404);
    expect((await problemOf(response)).model).toBe(model);
  });

  test('a tag of its own for each representation', async () => {
    const paths = [
      '/digits.png?seed=7',
      '/digits.png?seed=7&count=99',
      '/digit.png?seed=7&label=7',
      '/digit.png?seed=7&fg=000&bg=fff',
      '/digit.png?seed=7',
      '/digit.png?seed=8',
      '/digit.json?seed=7',
      '/digit.png?seed=7&scale=2',
    ];
    const tags = await Promise.all(
      paths.map(async (path) => (await get(path)).headers.get('ETag')),
    );
    expect(new Set(tags).size).toBe(paths.length);
  });

  test.each<[string, (tag: string) => string]>([
    ['the tag', (tag) => tag],
    ['the tag, weak', (tag) => `W/${tag}`],
    ['a list', (tag) => `"other", W/"more, of it",${tag} , "last"`],
    ['any', () => '*'],
  ])('If-None-Match with %s gets 304 with the headers of the 200', async (_, ifNoneMatch) => {
    for (const path of [
      '/digit?seed=7',
      '/digits?seed=7',
      '/walk?from=7&to=8',
      '/digit.json?seed=7',
      `/digit.png?seed=7&model=${model}`,
    ]) {
      for (const method of ['GET', 'HEAD']) {
        const full = await get(path);
        const tag = full.headers.get('ETag')!;
        const response = await get(path, { 'If-None-Match': ifNoneMatch(tag) }, method);
        expect(response.status).toBe(304);
        expect(await response.text()).toBe('');
        for (const name of ['ETag', 'Cache-Control', 'Content-Location', 'Vary']) {
          expect(response.headers.get(name)).toBe(full.headers.get(name));
        }
      }
    }
  });

  test.each(['"other"', '', 'garbage', '"unfinished', 'W/"*"'])(
    'If-None-Match with %s gets the digit',
    async (ifNoneMatch) => {
      const response = await get('/digit.png?seed=7', { 'If-None-Match': ifNoneMatch });
      expect(response.status).toBe(200);
    },
  );

  test('If-None-Match that is longer than anybody means is not read', async () => {
    const tag = (await get('/digit.png?seed=7')).headers.get('ETag')!;
    const sent = (length: number) => `${tag}${', '.repeat((length - tag.length) / 2)}`;
    const statuses = [8000, 9000, 60_000].map(
      async (length) => (await get('/digit.png?seed=7', { 'If-None-Match': sent(length) })).status,
    );
    expect(await Promise.all(statuses)).toEqual([304, 200, 200]);
  });

  test('a wrong parameter is found before a tag is compared', async () => {
    const response = await get('/digit.png?seed=7&scale=x', { 'If-None-Match': '*' });
    expect(response.status).toBe(400);
  });
});

/** 8 hex digits that are not the model's beginning, which no test knows beforehand. */
function model8(digit: string): string {
  return `${digit.repeat(7)}1`;
}
