/** Walks over HTTP: the production bundle in the Workers runtime. */

import { decodeApng } from 'fast-png';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { bytesOf, type DigitDocument } from '../documents.ts';
import { play } from '../encoders/play.ts';
import { startWorker, type WorkerUnderTest } from '../worker.ts';

let worker: WorkerUnderTest;
beforeAll(async () => {
  worker = await startWorker();
});
afterAll(() => worker.stop());

const get = (path: string) => worker.fetch(path);
const digitAt = async (path: string) => (await (await get(path)).json()) as DigitDocument;
const bytesAt = async (path: string) => bytesOf(await get(path));

describe('a walk', () => {
  test('goes from one digit to the other, in as many frames as are asked for', async () => {
    const bytes = await bytesAt('/walk.png?from=a&to=b&frames=5');
    const { samples } = play(bytes);
    expect(samples).toHaveLength(5);
    const [from, to] = [await digitAt('/digit.json?seed=a'), await digitAt('/digit.json?seed=b')];
    expect([...samples[0]]).toEqual(from.pixels);
    expect([...samples[4]]).toEqual(to.pixels);
    expect(new Set(samples.map((data) => data.join())).size).toBe(5);
  });

  test('has 32 frames by default', async () => {
    expect(decodeApng(await bytesAt('/walk?from=a&to=b')).frames).toHaveLength(32);
  });

  test('is the same bytes as .png, for proxies that know no other, and as .apng', async () => {
    const [png, apng] = await Promise.all(
      ['png', 'apng'].map((ending) => get(`/walk.${ending}?from=a&to=b&frames=3`)),
    );
    const types = [png, apng].map(({ headers }) => headers.get('Content-Type'));
    expect(types).toEqual(['image/png', 'image/apng']);
    expect(await bytesOf(png)).toEqual(await bytesOf(apng));
    expect(apng.headers.get('Content-Location')).toMatch(/^\/walk\.apng\?from=a&to=b/);
  });

  test.each([
    ['*/*', 'image/png'],
    ['image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8', 'image/png'],
    ['image/apng', 'image/apng'],
    ['image/png;q=0.9, image/apng', 'image/apng'],
    ['image/gif', 'image/gif'],
  ])('for Accept: %s is %s', async (accept, type) => {
    const response = await worker.fetch('/walk', { headers: { Accept: accept } });
    expect(response.headers.get('Content-Type')).toBe(type);
    expect(response.headers.get('Vary')).toBe('Accept');
  });
});
