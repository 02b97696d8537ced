/** An answer comes from the model that it asks for, by that model's rules; a model that fails, fails alone. */

import { createHash } from 'node:crypto';

import { beforeEach, describe, expect, test, vi } from 'vitest';

import { createApp } from '../../../src/app.ts';
import { createEarlierModels } from '../../../src/weights/earlier.ts';
import { createModel } from '../../../src/weights/model.ts';
import { readPacked } from '../../../src/weights/packed.ts';
import { loadKernel } from '../../../training/bundle/engine.ts';
import {
  CLASSIFIER,
  CONDITIONAL,
  packedOf,
  randomClassifier,
  randomNetwork,
} from '../../training/bundle/networks.ts';
import { bytesOf, type DigitDocument, problemOf } from '../documents.ts';

const kernel = loadKernel();
/** Of 12 × 9 pixels and three classes, where the current one has 28 × 28 and ten. */
const SMALL = { dataset: 'shapes', width: '12', height: '9', classNames: '["ring","bar","dot"]' };
const smallGenerator = randomNetwork([23, 16, 108], 'small', { ...CONDITIONAL, classes: 3 });
const smallClassifier = randomNetwork([108, 8, 3], 'small', CLASSIFIER);
Object.assign(smallGenerator.metadata, SMALL);
Object.assign(smallClassifier.metadata, SMALL);

const files = {
  current: packedOf(randomNetwork([40, 20, 784], 'current'), randomClassifier()),
  digits: packedOf(randomNetwork([40, 20, 784], 'earlier'), randomClassifier()),
  small: packedOf(smallGenerator, smallClassifier),
};
const hashOf = (file: Uint8Array) => readPacked(file).hash;
const nameOf = (file: Uint8Array) => hashOf(file).slice(0, 16);
const [current, digits, small] = [files.current, files.digits, files.small].map(nameOf);

/** What the platform has below /assets/, by path. */
let assets: Map<string, Uint8Array>;
let reads: string[];
let app: ReturnType<typeof createApp>;
beforeEach(() => {
  reads = [];
  const earlier = [files.digits, files.small];
  assets = new Map(earlier.map((file) => [`/assets/models/${nameOf(file)}.safetensors`, file]));
  const listed = earlier.map((file) => {
    return { hash: hashOf(file), sha256: createHash('sha256').update(file).digest('hex') };
  });
  app = createApp(createModel(kernel, files.current), {
    earlier: createEarlierModels(kernel, listed),
  });
});

const ASSETS = {
  fetch: async (address: string) => {
    const { pathname } = new URL(address);
    reads.push(pathname);
    const file = assets.get(pathname);
    return file ? new Response(new Uint8Array(file)) : new Response(null, { status: 404 });
  },
} as unknown as Fetcher;

const get = async (path: string, init: RequestInit = {}) => app.request(path, init, { ASSETS });

describe('an earlier model', () => {
  test('gives the bytes that it gave when it was the current one, by the same rules', async () => {
    const then = createApp(createModel(kernel, files.digits));
    const fresh = await then.request('/digits.png?seed=a&count=7&scale=2', {}, {});
    const location = fresh.headers.get('Content-Location')!;
    expect(location).toContain(`model=${digits}`);
    const answer = await get(location);
    expect(await bytesOf(answer)).toEqual(await bytesOf(fresh));
    for (const name of ['ETag', 'Content-Location', 'Content-Type', 'X-Digit-Model']) {
      expect(answer.headers.get(name)).toBe(fresh.headers.get(name));
    }
    expect(answer.headers.get('Cache-Control')).toBe('public, max-age=31536000, immutable');
    const known = { headers: { 'If-None-Match': answer.headers.get('ETag')! } };
    expect((await get(location, known)).status).toBe(304);
    expect((await get(location, { method: 'HEAD' })).status).toBe(200);
    expect((await get(`/digit.json?model=${digits}`)).headers.get('Cache-Control')).toBe(
      'no-store',
    );
  });

  test('is read once, and only when somebody asks for it', async () => {
    await get('/digit.png?seed=a');
    await get(`/digit.png?seed=a&model=${current}`);
    expect(reads).toEqual([]);
    for (const seed of ['a', 'b']) await get(`/7.png?seed=${seed}&model=${digits.slice(0, 8)}`);
    expect(reads).toEqual([`/assets/models/${digits}.safetensors`]);
  });

  test('has sizes and classes of its own, by which requests are checked', async () => {
    const document = (await (await get(`/2.json?seed=a&model=${small}`)).json()) as DigitDocument;
    expect(document).toMatchObject({ width: 12, height: 9, label: 2, name: 'dot', model: small });
    expect(document.pixels).toHaveLength(108);
    expect((await get(`/digit.png?label=bar&model=${small}`)).status).toBe(200);
    expect((await get(`/digit.png?label=bar&model=${current}`)).status).toBe(400);
    const missing = await get(`/7.png?model=${small}`);
    expect(missing.status).toBe(404);
    expect((await problemOf(missing)).detail).toContain('from 0 to 2');
    // A hundred of its pictures take an eighth of the pixels.
    expect((await get(`/digits.png?seed=a&scale=8&model=${small}`)).status).toBe(200);
    expect((await get(`/digits.png?seed=a&scale=8&model=${current}`)).status).toBe(400);
  });

  test('is described by /model', async () => {
    expect(await (await get(`/model?model=${small}`)).json()).toMatchObject({
      model: small,
      sha256: hashOf(files.small),
      title: 'shapes',
      width: 12,
      current,
      earlier: [digits, small],
    });
    expect(await (await get('/model')).json()).toMatchObject({ model: current, current });
    expect((await problemOf(await get('/model?model=x'))).errors[0].parameter).toBe('model');
  });
});

test.each(['/digit.png?seed=a&model=00000000', '/model?model=00000000'])(
  '%s, of a hash that never was here, is a 404 that names those that are',
  async (path) => {
    const answer = await get(path);
    expect(answer.status).toBe(404);
    const problem = await problemOf(answer);
    expect(problem).toMatchObject({ model: current, earlier: [digits, small] });
    for (const name of [current, digits, small]) expect(problem.detail).toContain(name);
    expect(reads).toEqual([]);
  },
);

describe('a file of a model', () => {
  const damaged = Uint8Array.from(files.digits);
  damaged[damaged.length - 9] ^= 1;
  const path = `/assets/models/${digits}.safetensors`;

  test.each([
    ['is missing', undefined],
    ['is damaged', damaged],
    ['is cut short', files.digits.subarray(0, 1000)],
    ['is that of another model', files.small],
  ])('that %s is a 503 for that model alone, kept by nobody', async (_, file) => {
    const log = vi.spyOn(console, 'error').mockReturnValue();
    if (file) assets.set(path, file);
    else assets.delete(path);
    for (const asked of [`/digit.png?seed=a&model=${digits}`, `/model?model=${digits}`]) {
      const answer = await get(asked);
      expect(answer.status).toBe(503);
      expect(answer.headers.get('Retry-After')).toMatch(/^[0-9]+$/);
      expect((await problemOf(answer)).detail).toContain(digits);
    }
    expect(log).toHaveBeenCalledTimes(2);
    log.mockRestore();
    expect((await get('/health')).status).toBe(200);
    expect((await get(`/digit.png?seed=a&model=${small}`)).status).toBe(200);

    // Nothing is kept of the failure either.
    assets.set(path, files.digits);
    expect((await get(`/digit.png?seed=a&model=${digits}`)).status).toBe(200);
  });

  test('of which there is no binding is a 503 as well', async () => {
    const log = vi.spyOn(console, 'error').mockReturnValue();
    const answer = await app.request(`/digit.png?seed=a&model=${digits}`, {}, {});
    expect(answer.status).toBe(503);
    expect(log).toHaveBeenCalledOnce();
    log.mockRestore();
  });
});
