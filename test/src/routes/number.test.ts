/** Numbers over HTTP: the production bundle in the Workers runtime. */

import { decode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { numberFormats } from '../../../src/encoders/formats.ts';
import { seedInSeries } from '../../../src/sampler/seed.ts';
import { packedOf, randomClassifier, randomNetwork } from '../../training/bundle/networks.ts';
import { bytesOf, type DigitDocument, problemOf } from '../documents.ts';
import { startWorker, type WorkerUnderTest } from '../worker.ts';

interface NumberDocument {
  readonly number: string;
  readonly seed: string;
  readonly model: string;
  readonly digits: readonly DigitDocument[];
  readonly url: string;
}

let worker: WorkerUnderTest;
beforeAll(async () => {
  worker = await startWorker();
});
afterAll(() => worker.stop());

const get = (path: string, headers: Record<string, string> = {}) => worker.fetch(path, { headers });
const numberAt = async (path: string) => (await (await get(path)).json()) as NumberDocument;

describe('a number', () => {
  test('lists its digits, each drawn from the seed and its position', async () => {
    const { number, seed, model, digits, url } = await numberAt('/number/2024.json?seed=a%26b');
    expect({ number, seed }).toEqual({ number: '2024', seed: 'a&b' });
    expect(digits.map(({ label }) => label)).toEqual([2, 0, 2, 4]);
    expect(digits[0].pixels).not.toEqual(digits[2].pixels);
    for (const [position, digit] of digits.entries()) {
      expect(digit.seed).toBe(seedInSeries('a&b', position));
      expect(await (await get(digit.url)).json()).toEqual(digit);
    }
    expect(url).toBe(`/number/2024.json?seed=a%26b&model=${model}`);
    expect((await numberAt(url)).digits).toEqual(digits);
  });

  test('is the same in every format: digits side by side', async () => {
    const { digits } = await numberAt('/number/0071.json?seed=s');
    const wide = digits.length * 28;
    const pixels = Array.from({ length: 28 * wide }, (_, i) => {
      const [x, y] = [i % wide, Math.floor(i / wide)];
      return digits[Math.floor(x / 28)].pixels[y * 28 + (x % 28)];
    });
    const png = decode(await bytesOf(await get('/number/0071.png?seed=s')));
    expect(png).toMatchObject({ width: wide, height: 28 });
    expect([...png.data]).toEqual(pixels);
    const npy = await bytesOf(await get('/number/0071.npy?seed=s'));
    expect(new TextDecoder('latin1').decode(npy)).toContain(`'shape': (28, ${wide})`);
    expect([...npy.subarray(-pixels.length)]).toEqual(pixels);
    const lines = (await (await get('/number/0071.txt?seed=s')).text()).trimEnd().split('\n');
    expect(lines).toHaveLength(14);
    // eslint-disable-next-line no-control-regex
    expect(lines.map((line) => [...line.replaceAll(/\x1b\[[^m]*m/g, '')].length)).toEqual(
      lines.map(() => wide),
    );
    expect(await (await get('/number/0071.svg?seed=s')).text()).toContain(
      `viewBox="0 -.5 ${wide} 28"`,
    );
  });

  test.each(numberFormats)('has a permalink as $name', async ({ name, mediaType }) => {
    const fresh = await get(`/number/2024?raw=1`, { Accept: mediaType });
    expect(fresh.headers.get('Cache-Control')).toBe('no-store');
    expect(fresh.headers.get('Vary')).toBe('Accept');
    const location = fresh.headers.get('Content-Location')!;
    const seed = fresh.headers.get('X-Digit-Seed');
    const model = fresh.headers.get('X-Digit-Model');
    expect(location).toBe(`/number/2024.${name}?seed=${seed}&model=${model}&raw=1`);
    const again = await get(location);
    expect(again.headers.get('Cache-Control')).toContain('immutable');
    expect(again.headers.get('ETag')).toBe(fresh.headers.get('ETag'));
    expect(await bytesOf(again)).toEqual(await bytesOf(fresh));
    const known = await get(location, { 'If-None-Match': again.headers.get('ETag')! });
    expect(known.status).toBe(304);
  });

  test('has 1 to 32 digits', async () => {
    const longest = '0123456789'.repeat(4).slice(0, 32);
    const { digits } = await numberAt(`/number/${longest}.json?seed=l`);
    expect(digits.map(({ label }) => label).join('')).toBe(longest);
  });

  test.each([
    ['/number/abc', 'abc'],
    ['/number/-1', '-1'],
    ['/number/1%2C5.png', '1,5'],
    ['/number/٣.png', '٣'],
    [`/number/${'1'.repeat(33)}`, '1'.repeat(33)],
    ['/number/1?number=2', '1 and 2'],
  ])('is wrong as %s', async (path, found) => {
    const response = await get(path);
    expect(response.status).toBe(400);
    expect((await problemOf(response)).errors).toMatchObject([{ parameter: 'number', found }]);
  });

  test('too large for a picture names the scale', async () => {
    const response = await get(`/number/${'7'.repeat(32)}.png?scale=32`);
    expect(response.status).toBe(400);
    expect((await problemOf(response)).errors).toMatchObject([{ parameter: 'scale', found: '32' }]);
  });

  test.each(['/number', '/number/', '/number/3.14', '/number/1/2'])('is not %s', async (path) => {
    expect((await get(path)).status).toBe(404);
  });
});

describe('an unconditional generator', () => {
  let plain: WorkerUnderTest;
  beforeAll(async () => {
    plain = await startWorker({
      model: packedOf(randomNetwork([100, 40, 784]), randomClassifier()),
    });
  });
  afterAll(() => plain.stop());

  test('searches for the digits of a number, and says where it found none', async () => {
    const response = await plain.fetch('/number/0123456789.json?seed=a');
    const { digits } = (await response.json()) as NumberDocument;
    for (const [figure, { label, asked }] of digits.entries()) {
      expect(asked).toBe(label === figure ? undefined : figure);
    }
    // Of random networks, no classifier reads every class.
    expect(digits.some(({ asked }) => asked !== undefined)).toBe(true);
  });

  test.each(['/number/12345678901.png', '/number/7.png?raw=1'])(
    'searches for no more than a request may cost: %s',
    async (path) => {
      const response = await plain.fetch(path);
      expect(response.status).toBe(400);
      expect((await problemOf(response)).errors).toMatchObject([{ parameter: 'number' }]);
    },
  );

  test('says of a single digit, in headers and JSON, where it is of another class', async () => {
    const answers = Array.from({ length: 10 }, (_, label) => plain.fetch(`/${label}.json?seed=a`));
    const found = await Promise.all(answers);
    const documents = (await Promise.all(found.map((each) => each.json()))) as DigitDocument[];
    for (const [wanted, { label, asked, url }] of documents.entries()) {
      const header = found[wanted].headers.get('X-Digit-Asked');
      expect(found[wanted].headers.get('X-Digit-Label')).toBe(`${label}`);
      expect(asked).toBe(label === wanted ? undefined : wanted);
      expect(header).toBe(label === wanted ? null : `${wanted}`);
      expect(url).toContain(`label=${wanted}`);
    }
    expect(documents.some(({ asked }) => asked !== undefined)).toBe(true);
  });
});
