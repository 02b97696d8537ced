/** Series of digits over HTTP: the production bundle in the Workers runtime. */

import { decode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { bytesOf, problemOf, type SeriesDocument } from '../documents.ts';
import { startWorker, type WorkerUnderTest } from '../worker.ts';

let worker: WorkerUnderTest;
beforeAll(async () => {
  worker = await startWorker();
});
afterAll(() => worker.stop());

const get = (path: string) => worker.fetch(path);
const seriesAt = async (path: string) => (await (await get(path)).json()) as SeriesDocument;
const bytesAt = async (path: string) => bytesOf(await get(path));

describe('a series', () => {
  test('of fewer digits is the beginning of one of more', async () => {
    const [few, many] = [
      await seriesAt('/digits.json?seed=s&count=3'),
      await seriesAt('/digits.json?seed=s'),
    ];
    expect(few).toMatchObject({ count: 3, model: many.model });
    expect(many.count).toBe(100);
    expect(many.digits).toHaveLength(100);
    expect(few.digits).toEqual(many.digits.slice(0, 3));
  });

  test('has seeds of 16 hex digits, different ones for every series', async () => {
    const [a, b] = [await seriesAt('/digits.json?seed=0'), await seriesAt('/digits.json?seed=1')];
    const seeds = [...a.digits, ...b.digits].map(({ seed }) => seed);
    for (const seed of seeds) expect(seed).toMatch(/^[0-9a-f]{16}$/);
    expect(new Set(seeds).size).toBe(200);
  });

  test('is the same in every format', async () => {
    const query = '?seed=formats&count=12';
    const { digits } = await seriesAt(`/digits.json${query}`);
    const data = digits.flatMap(({ pixels }) => pixels);
    const idx = await bytesAt(`/digits.idx${query}`);
    expect([...idx.subarray(0, 16)]).toEqual([0, 0, 8, 3, 0, 0, 0, 12, 0, 0, 0, 28, 0, 0, 0, 28]);
    expect([...idx.subarray(16)]).toEqual(data);
    const npy = await bytesAt(`/digits.npy${query}`);
    expect([...npy.subarray(npy.length - data.length)]).toEqual(data);
    const picture = decode(await bytesAt(`/digits.png${query}&cols=5`));
    expect(picture).toMatchObject({ width: 140, height: 84 });
    for (const [i, { pixels }] of digits.entries()) {
      const [left, top] = [(i % 5) * 28, Math.floor(i / 5) * 28];
      const found = pixels.map(
        (_, p) => picture.data[(top + Math.floor(p / 28)) * 140 + left + (p % 28)],
      );
      expect(found).toEqual(pixels);
    }
  });

  test('of one has the shape of a series', async () => {
    const idx = await bytesAt('/digits.idx?count=1');
    expect([...idx.subarray(0, 8)]).toEqual([0, 0, 8, 3, 0, 0, 0, 1]);
    const npy = new TextDecoder('latin1').decode(await bytesAt('/digits.npy?count=1'));
    expect(npy).toContain("'shape': (1, 28, 28)");
    expect(decode(await bytesAt('/digits.png?count=1'))).toMatchObject({ width: 28, height: 28 });
  });

  test('with more columns than digits is one row', async () => {
    expect(decode(await bytesAt('/digits.png?count=3&cols=100'))).toMatchObject({
      width: 84,
      height: 28,
    });
  });
});

describe('the bound on a series', () => {
  test('is a variable, which holds without a count too', async () => {
    const few = await startWorker({ variables: { MAX_COUNT: 10 } });
    const [usual, most, more] = await Promise.all(
      ['/digits.idx?seed=a', '/digits.idx?seed=a&count=10', '/digits.idx?count=11'].map((path) =>
        few.fetch(path),
      ),
    );
    expect(usual.headers.get('Content-Location')).toContain('count=10');
    expect(await bytesOf(usual)).toEqual(await bytesOf(most));
    const { errors } = await problemOf(more);
    expect(errors).toEqual([
      { parameter: 'count', found: '11', expected: 'a whole number from 1 to 10' },
    ]);
    await few.stop();
  });
});
