/** Right and wrong parameters: the production bundle in the Workers runtime. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type DigitDocument, problemOf } from '../documents.ts';
import { startWorker, type WorkerUnderTest } from '../worker.ts';

let worker: WorkerUnderTest;
beforeAll(async () => {
  worker = await startWorker();
});
afterAll(() => worker.stop());

const get = (path: string) => worker.fetch(path);
const digitAt = async (path: string) => (await (await get(path)).json()) as DigitDocument;

describe('seeds', () => {
  test.each([
    ['a space, as a plus', 'a+b', 'a b'],
    ['a plus, encoded', 'a%2Bb', 'a+b'],
    ['an equals sign', 'a=b=', 'a=b='],
    ['one code point', '%F0%9F%91%A9', '👩'],
    ['64 code points beyond 16 bits', encodeURIComponent('👩'.repeat(64)), '👩'.repeat(64)],
    ['composed', '%C3%A9', 'é'],
    ['decomposed, which stays so', 'e%CC%81', 'e\u0301'],
    ['a zero byte', '%00', '\u0000'],
    ['a number', '007', '007'],
  ])('may hold %s', async (_, encoded, seed) => {
    const response = await get(`/digit.json?seed=${encoded}`);
    expect(response.headers.get('X-Digit-Seed')).toBe(encodeURIComponent(seed));
    expect(((await response.json()) as DigitDocument).seed).toBe(seed);
  });

  test('that differ in anything draw different digits', async () => {
    const seeds = ['7', '07', '7+', '７', '%C3%A9', 'e%CC%81', 'a', 'A'];
    const documents = await Promise.all(seeds.map((seed) => digitAt(`/digit.json?seed=${seed}`)));
    expect(new Set(documents.map(({ pixels }) => pixels.join())).size).toBe(seeds.length);
  });
});

describe('a wrong parameter is a 400 that names it', () => {
  const seed = '1 to 64 Unicode characters';
  const scale = 'a whole number from 1 to 32';
  const hash = "the first 8 to 64 hex digits of the model's hash";
  test.each([
    ['seed=', 'seed', '', seed],
    ['seed', 'seed', '', seed],
    [`seed=${'a'.repeat(65)}`, 'seed', 'a'.repeat(65), seed],
    ['seed=%', 'seed', '%', 'percent-encoded UTF-8'],
    ['seed=%zz', 'seed', '%zz', 'percent-encoded UTF-8'],
    ['seed=%FF', 'seed', '%FF', 'percent-encoded UTF-8'],
    ['seed=%ED%A0%80', 'seed', '%ED%A0%80', 'percent-encoded UTF-8'],
    ['seed=a&seed=b', 'seed', 'a and b', 'a single value'],
    ['seed=a&seed=a', 'seed', 'a and a', 'a single value'],
    ['seed=a&s%65ed=a', 'seed', 'a and a', 'a single value'],
    ['scale=', 'scale', '', scale],
    ['scale=0', 'scale', '0', scale],
    ['scale=33', 'scale', '33', scale],
    ['scale=-1', 'scale', '-1', scale],
    ['scale=1.5', 'scale', '1.5', scale],
    ['scale=1e1', 'scale', '1e1', scale],
    ['scale=0x4', 'scale', '0x4', scale],
    ['scale=%204', 'scale', ' 4', scale],
    ['scale=+4', 'scale', ' 4', scale],
    ['scale=%D9%A4', 'scale', '٤', scale],
    ['scale=99999999999999999999', 'scale', '99999999999999999999', scale],
    ['scale=2&scale=3', 'scale', '2 and 3', 'a single value'],
    ['model=', 'model', '', hash],
    ['model=abcdef1', 'model', 'abcdef1', hash],
    ['model=ghijklmn', 'model', 'ghijklmn', hash],
    [`model=${'a'.repeat(65)}`, 'model', 'a'.repeat(65), hash],
  ])('%s', async (query, parameter, found, expected) => {
    const response = await get(`/digit.png?${query}`);
    expect(response.status).toBe(400);
    const { errors, title } = await problemOf(response);
    expect(title).toBe('Bad Request');
    expect(errors).toEqual([{ parameter, found, expected }]);
  });

  test('all at once', async () => {
    const { errors } = await problemOf(await get('/?seed=&scale=x&model=y'));
    expect(errors.map(({ parameter }) => parameter).toSorted()).toEqual(['model', 'scale', 'seed']);
  });

  test('which is echoed only in part if it is long', async () => {
    const { errors } = await problemOf(await get(`/digit?seed=${'a'.repeat(4000)}`));
    expect(errors[0].found).toBe(`${'a'.repeat(100)}…`);
  });

  test('and values at the edge of their range are not wrong', async () => {
    for (const query of ['scale=32', 'scale=0004', `seed=${'a'.repeat(64)}`, 'seed=0']) {
      expect((await get(`/digit.png?${query}`)).status).toBe(200);
    }
  });

  test.each([
    '/digit.png?cache-buster=%',
    '/digit.png?seeds=&=&&',
    '/digit.json?scale=x',
    '/digit?%=1',
  ])('and what the route does not use is ignored: %s', async (path) => {
    expect((await get(path)).status).toBe(200);
  });

  test('as are more pixels than the variable allows', async () => {
    const small = await startWorker({ variables: { MAX_PICTURE_PIXELS: 28 * 28 * 9 } });
    const [fits, tooLarge] = [await small.fetch('/?scale=3'), await small.fetch('/?scale=4')];
    await small.stop();
    expect(fits.status).toBe(200);
    expect(tooLarge.status).toBe(400);
    const expected = 'a picture of at most 7056 pixels over all frames, not 12544';
    expect((await problemOf(tooLarge)).errors).toEqual([
      { parameter: 'scale', found: '4', expected },
    ]);
  });
});

describe('of any route, a wrong parameter', () => {
  const colour = 'a colour of 3 or 6 hex digits, such as 0af or 00aaff';
  test.each([
    ['/digit.png?label=10', 'label', '10', 'a whole number from 0 to 9'],
    ['/digit.png?label=', 'label', '', 'a whole number from 0 to 9'],
    ['/digit.png?label=-1', 'label', '-1', 'a whole number from 0 to 9'],
    ['/digit.png?raw=2', 'raw', '2', 'a whole number from 0 to 1'],
    ['/digit.png?raw=true', 'raw', 'true', 'a whole number from 0 to 1'],
    ['/digit.png?fg=red', 'fg', 'red', colour],
    ['/digit.svg?bg=12345', 'bg', '12345', `${colour}, or transparent`],
    ['/digit.txt?bg=', 'bg', '', `${colour}, or transparent`],
    ['/digits.png?count=0', 'count', '0', 'a whole number from 1 to 100'],
    ['/digits.png?count=101', 'count', '101', 'a whole number from 1 to 100'],
    ['/digits.idx?count=1e2', 'count', '1e2', 'a whole number from 1 to 100'],
    ['/digits.png?cols=0', 'cols', '0', 'a whole number from 1 to 100'],
    ['/digits.png?cols=101', 'cols', '101', 'a whole number from 1 to 100'],
    ['/walk?frames=1', 'frames', '1', 'a whole number from 2 to 64'],
    ['/walk?frames=65', 'frames', '65', 'a whole number from 2 to 64'],
    ['/walk?from=', 'from', '', '1 to 64 Unicode characters'],
    ['/walk.gif?to=a&to=b', 'to', 'a and b', 'a single value'],
  ])('%s', async (path, parameter, found, expected) => {
    const response = await get(path);
    expect(response.status).toBe(400);
    expect(response.headers.get('Content-Type')).toBe('application/problem+json');
    expect((await problemOf(response)).errors).toEqual([{ parameter, found, expected }]);
  });

  test.each([
    ['/digits.png?scale=4', 1_254_400],
    ['/digits.png?count=51&cols=50&scale=5', 1_960_000],
    ['/digits.svg?count=83&cols=82&scale=4', 2_057_216],
    ['/digits.svg?scale=32', 80_281_600],
    ['/walk?frames=64&scale=5', 1_254_400],
    ['/walk.gif?scale=7', 1_229_312],
  ])('is too large a scale: %s', async (path, pixels) => {
    const response = await get(path);
    expect(response.status).toBe(400);
    const { errors } = await problemOf(response);
    expect(errors[0].parameter).toBe('scale');
    expect(errors[0].expected).toContain(`${pixels}`);
  });

  test.each([
    '/digits.json?scale=x&cols=x&fg=x',
    '/digits.idx?frames=1',
    '/digit.npy?fg=x',
    '/walk?count=0&seed=',
  ])('is ignored if the route does not use it: %s', async (path) => {
    expect((await get(path)).status).toBe(200);
  });
});
