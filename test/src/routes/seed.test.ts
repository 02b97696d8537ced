/** Digits of seeds in the path: the production bundle in the Workers runtime. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { digitFormats } from '../../../src/encoders/formats.ts';
import { bytesOf, type DigitDocument, problemOf } from '../documents.ts';
import { startWorker, type WorkerUnderTest } from '../worker.ts';

let worker: WorkerUnderTest;
beforeAll(async () => {
  worker = await startWorker();
});
afterAll(() => worker.stop());

const get = (path: string, headers: Record<string, string> = {}) => worker.fetch(path, { headers });

describe('/digit/SEED', () => {
  test.each(digitFormats)('is the same as seed=SEED: $name', async ({ name }) => {
    const [short, long] = [
      await get(`/digit/minted.${name}?label=3&raw=1`),
      await get(`/digit.${name}?seed=minted&label=3&raw=1`),
    ];
    expect(await bytesOf(short)).toEqual(await bytesOf(long));
    for (const header of ['ETag', 'Content-Location', 'Content-Type', 'Cache-Control', 'Vary']) {
      expect(short.headers.get(header)).toBe(long.headers.get(header));
    }
  });

  test.each([
    ['7', '7'],
    ['3.14', '3.14'],
    ['a.gif', 'a.gif'],
    ['a.PNG', 'a.PNG'],
    ['a.', 'a.'],
    ['a%2Fb%3Fc%23d', 'a/b?c#d'],
    ['100%25', '100%'],
    ['%2525', '%25'],
    ['a+b%20c', 'a+b c'],
    ['%F0%9F%91%A9%E2%80%8D%F0%9F%9A%80', '👩‍🚀'],
    ['é', 'é'],
    ['line%0Abreak', 'line\nbreak'],
    ['{{origin}}', '{{origin}}'],
    ['__proto__', '__proto__'],
  ])('%s has the seed %j', async (segment, seed) => {
    for (const [ending, type] of [
      ['', 'application/json'],
      ['.json', 'image/png'],
    ]) {
      const response = await get(`/digit/${segment}${ending}`, { Accept: type });
      expect(response.status).toBe(200);
      expect(((await response.json()) as DigitDocument).seed).toBe(seed);
    }
  });

  test('without an ending is what Accept asks for', async () => {
    const { headers } = await get('/digit/a.b', { Accept: 'image/svg+xml' });
    expect(headers.get('Content-Type')).toBe('image/svg+xml');
    expect(headers.get('Vary')).toBe('Accept');
    expect((await get('/digit/a.svg')).headers.get('Vary')).toBeNull();
  });

  test('is a permalink where it names the model', async () => {
    const { headers } = await get('/digit/a.png');
    expect(headers.get('Cache-Control')).toBe('public, max-age=3600');
    const pinned = `/digit/a.png?model=${headers.get('X-Digit-Model')}`;
    expect((await get(pinned)).headers.get('Cache-Control')).toContain('immutable');
    const again = await get(pinned, { 'If-None-Match': headers.get('ETag')! });
    expect(again.status).toBe(304);
  });

  test.each([
    ['/digit/.png', ''],
    [`/digit/${'a'.repeat(65)}`, 'a'.repeat(65)],
    ['/digit/%', '%'],
    ['/digit/%FF.png', '%FF'],
    ['/digit/a?seed=b', 'a and b'],
  ])('%s is a seed that is wrong', async (path, found) => {
    const response = await get(path);
    expect(response.status).toBe(400);
    const { errors } = await problemOf(response);
    expect(errors).toMatchObject([{ parameter: 'seed', found }]);
  });

  test.each(['/digit/', '/digit/a/b', '/digit/a/b.png', '/digit//'])('%s is none', async (path) => {
    expect((await get(path)).status).toBe(404);
  });
});
