/** Permalinks give the same bytes for ever: the production bundle in the Workers runtime. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { permalink } from '../../../src/http/permalink.ts';
import { bytesOf, type DigitDocument, type SeriesDocument } from '../documents.ts';
import { startWorker, type WorkerUnderTest } from '../worker.ts';

let worker: WorkerUnderTest;
beforeAll(async () => {
  worker = await startWorker();
});
afterAll(() => worker.stop());

const get = (path: string) => worker.fetch(path);
const digitAt = async (path: string) => (await (await get(path)).json()) as DigitDocument;
const seriesAt = async (path: string) => (await (await get(path)).json()) as SeriesDocument;

describe('a permalink', () => {
  test.each([
    '/',
    '/digit.svg',
    '/digit.txt?fg=0a0&bg=%23123',
    '/digit.npy?raw=1',
    '/3.json?raw=0',
    '/digits.png?count=7&cols=3&scale=2',
    '/digits.json?count=3&label=4',
    '/digits.npy?count=1',
    '/digits.idx',
    '/digits.svg?count=12&fg=f00',
    '/walk.png?frames=4',
    '/walk.gif?frames=3&label=8&scale=2',
  ])('of a fresh %s gives the same bytes for ever', async (path) => {
    const fresh = await get(path);
    expect(fresh.status).toBe(200);
    const location = fresh.headers.get('Content-Location')!;
    const again = await get(location);
    expect(await bytesOf(again)).toEqual(await bytesOf(fresh));
    expect(again.headers.get('Cache-Control')).toContain('immutable');
    expect(again.headers.get('ETag')).toBe(fresh.headers.get('ETag'));
    expect(again.headers.get('Content-Location')).toBe(location);
    expect(again.headers.get('Content-Type')).toBe(fresh.headers.get('Content-Type'));
  });

  test('of a document is in its body', async () => {
    const { url, ...digit } = await digitAt('/8.json?raw=1');
    expect(await digitAt(url)).toEqual({ ...digit, url });
    const { digits } = await seriesAt('/digits.json?count=4&label=2&raw=1');
    for (const each of digits) expect(await digitAt(each.url)).toEqual(each);
  });
});

test('a permalink has its parameters in order, encoded, without those that have no value', () => {
  const parameters = { seed: 'a&b +ü', model: '0123', label: undefined, raw: 0 };
  expect(permalink('/digit.svg', parameters)).toBe(
    '/digit.svg?seed=a%26b%20%2B%C3%BC&model=0123&raw=0',
  );
});
