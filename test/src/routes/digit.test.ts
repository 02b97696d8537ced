/** One digit over HTTP: the production bundle in the Workers runtime. */

import { decode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { digitFormats } from '../../../src/encoders/formats.ts';
import { packedOf, randomClassifier, randomNetwork } from '../../training/bundle/networks.ts';
import { bytesOf, type DigitDocument, problemOf, type SeriesDocument } from '../documents.ts';
import { DIGIT_PATHS } from '../paths.ts';
import { startWorker, type WorkerUnderTest } from '../worker.ts';

let worker: WorkerUnderTest;
let model: string;
beforeAll(async () => {
  worker = await startWorker();
  const health = (await (await worker.fetch('/health')).json()) as { model: string };
  model = health.model;
});
afterAll(() => worker.stop());

const get = (path: string) => worker.fetch(path);
const digitAt = async (path: string) => (await (await get(path)).json()) as DigitDocument;
const seriesAt = async (path: string) => (await (await get(path)).json()) as SeriesDocument;
const bytesAt = async (path: string) => bytesOf(await get(path));

describe('a digit', () => {
  test('as JSON', async () => {
    const response = await get('/digit.json?seed=a%26b+c');
    expect(response.status).toBe(200);
    expect(response.headers.get('Content-Type')).toBe('application/json');
    const document = (await response.json()) as DigitDocument;
    expect(Object.keys(document)).toEqual([
      'seed',
      'label',
      'confidence',
      'model',
      'width',
      'height',
      'pixels',
      'url',
    ]);
    expect(document).toMatchObject({ seed: 'a&b c', model, width: 28, height: 28 });
    expect(document.pixels).toHaveLength(784);
    expect(document.pixels.every((p) => Number.isInteger(p) && p >= 0 && p <= 255)).toBe(true);
    expect(document.url).toBe(`/digit.json?seed=a%26b%20c&model=${model}`);
  });

  test('as PNG has the pixels of the JSON', async () => {
    const response = await get('/digit.png?seed=7');
    expect(response.headers.get('Content-Type')).toBe('image/png');
    const png = decode(await bytesOf(response), { checkCrc: true });
    expect(png).toMatchObject({ width: 28, height: 28, depth: 8, channels: 1 });
    expect([...png.data]).toEqual((await digitAt('/digit.json?seed=7')).pixels);
  });

  test.each([1, 2, 7, 32])('at scale %i has each pixel that many wide', async (scale) => {
    const png = decode(await bytesOf(await get(`/digit.png?seed=7&scale=${scale}`)));
    const { pixels } = await digitAt('/digit.json?seed=7');
    const side = 28 * scale;
    expect(png).toMatchObject({ width: side, height: side });
    const expected = Array.from({ length: side * side }, (_, i) => {
      const [x, y] = [Math.floor((i % side) / scale), Math.floor(i / side / scale)];
      return pixels[y * 28 + x];
    });
    expect(Buffer.from(png.data as Uint8Array).equals(Buffer.from(expected))).toBe(true);
  });

  test.each(DIGIT_PATHS)('%s says where it comes from and how to get it again', async (path) => {
    const { headers } = await get(path);
    const seed = headers.get('X-Digit-Seed')!;
    expect(seed).toMatch(/^[0-9a-f]{16}$/);
    expect(headers.get('X-Digit-Model')).toBe(model);
    const format = path.split('.')[1] ?? 'png';
    expect(headers.get('Content-Location')).toBe(`/digit.${format}?seed=${seed}&model=${model}`);
    // RFC 9110, section 8.8.3: a strong tag.
    expect(headers.get('ETag')).toMatch(/^"[\x21\x23-\x7e]+"$/);
  });

  test('is the same at its permalink', async () => {
    const fresh = await get('/digit.png?scale=3');
    const again = await get(fresh.headers.get('Content-Location')!);
    expect(await bytesOf(again)).toEqual(await bytesOf(fresh));
    expect(again.headers.get('ETag')).toBe(fresh.headers.get('ETag'));
    expect(again.headers.get('Content-Location')).toBe(fresh.headers.get('Content-Location'));
  });

  test('is another one each time without a seed', async () => {
    const seeds = await Promise.all(
      Array.from({ length: 8 }, async () => (await digitAt('/digit.json')).seed),
    );
    expect(new Set(seeds).size).toBe(8);
  });

  test('of neighbouring seeds is quite another digit', async () => {
    const [a, b] = await Promise.all([
      digitAt('/digit.json?seed=1'),
      digitAt('/digit.json?seed=2'),
    ]);
    expect(a.pixels).not.toEqual(b.pixels);
  });
});

describe('labels', () => {
  test.each(Array.from({ length: 10 }, (_, label) => label))(
    '%i is what it says',
    async (label) => {
      const seeds = ['a', 'b', 'c', 'd', 'e'];
      for (const seed of seeds) {
        const digit = await digitAt(`/digit.json?seed=${seed}&label=${label}`);
        expect(digit.label).toBe(label);
        expect(digit.confidence).toBeGreaterThanOrEqual(0.9);
        expect(digit.confidence).toBeLessThanOrEqual(1);
      }
    },
  );

  test('the path of a class is its label', async () => {
    for (const ending of ['', ...digitFormats.map(({ name }) => `.${name}`)]) {
      const [short, long] = [
        await get(`/7${ending}?seed=a`),
        await get(`/digit${ending}?seed=a&label=7`),
      ];
      expect(short.status).toBe(200);
      expect(await bytesOf(short)).toEqual(await bytesOf(long));
      expect(short.headers.get('ETag')).toBe(long.headers.get('ETag'));
      const permalink = short.headers.get('Content-Location')!;
      expect(permalink).toContain('label=7');
      expect(permalink).toBe(long.headers.get('Content-Location'));
    }
  });

  test('the path of a class with another label gives the label twice', async () => {
    const response = await get('/7.png?label=3');
    expect(response.status).toBe(400);
    const { errors } = await problemOf(response);
    expect(errors).toEqual([{ parameter: 'label', found: '7 and 3', expected: 'a single value' }]);
  });

  test('headers and JSON agree, with four decimals', async () => {
    for (const raw of [0, 1]) {
      const response = await get(`/digit.json?seed=seven&raw=${raw}`);
      const { label, confidence } = (await response.json()) as DigitDocument;
      expect(response.headers.get('X-Digit-Label')).toBe(`${label}`);
      expect(response.headers.get('X-Digit-Confidence')).toBe(confidence.toFixed(4));
      expect(response.headers.get('X-Digit-Confidence')).toMatch(/^[01]\.\d{4}$/);
    }
  });

  test('seeds without a label give every class', async () => {
    const { digits } = await seriesAt('/digits.json?seed=classes');
    expect(new Set(digits.map(({ label }) => label)).size).toBe(10);
  });

  test('of most seeds, the first candidate reaches the threshold, and then it is the digit', async () => {
    const [chosen, raw] = [
      await seriesAt('/digits.json?seed=x'),
      await seriesAt('/digits.json?seed=x&raw=1'),
    ];
    for (const [i, digit] of chosen.digits.entries()) {
      const first = raw.digits[i];
      expect(digit.seed).toBe(first.seed);
      if (first.confidence >= 0.9) expect(digit.pixels).toEqual(first.pixels);
      else expect(digit.confidence).toBeGreaterThanOrEqual(first.confidence);
    }
    expect(raw.digits.filter(({ confidence }) => confidence >= 0.9).length).toBeGreaterThan(60);
  });
});

describe('colours', () => {
  test('other than greys make a palette, in any notation', async () => {
    const { pixels } = await digitAt('/digit.json?seed=c');
    const spellings = ['fg=f80&bg=004', 'fg=%23FF8800&bg=%23000044', 'fg=ff8800&bg=000044'];
    const pictures = await Promise.all(
      spellings.map((query) => bytesAt(`/digit.png?seed=c&${query}`)),
    );
    for (const picture of pictures) expect(picture).toEqual(pictures[0]);
    const { data, palette } = decode(pictures[0]);
    expect(palette).toBeDefined();
    for (const [i, level] of pixels.entries()) {
      const [red, green, blue] = palette![data[i]];
      expect(red).toBe(level);
      expect(green).toBe(Math.round((level * 0x88) / 255));
      expect(blue).toBe(Math.round(0x44 * (1 - level / 255)));
    }
  });

  test('that are greys stay grey, such as inverted ones', async () => {
    const { pixels } = await digitAt('/digit.json?seed=c');
    const { data, channels } = decode(await bytesAt('/digit.png?seed=c&fg=000&bg=fff'));
    expect(channels).toBe(1);
    expect([...data]).toEqual(pixels.map((level) => 255 - level));
  });
});

describe('transparent paper', () => {
  test('is left out of PNG: alpha is the ink', async () => {
    const { pixels } = await digitAt('/digit.json?seed=c&bg=transparent');
    const { data, palette } = decode(await bytesAt('/digit.png?seed=c&bg=transparent&fg=c30'));
    expect(Array.from(data, (sample) => palette![sample])).toEqual(
      pixels.map((level) => [0xcc, 0x33, 0, level]),
    );
  });

  test('is left out of SVG, of series and of walks', async () => {
    expect(await (await get('/digit.svg?seed=c&bg=transparent')).text()).not.toContain('fill=');
    for (const path of [
      '/digits.png?seed=c&count=4',
      '/walk.png?from=a&to=b',
      '/walk.apng?from=a',
    ]) {
      const { palette } = decode(await bytesAt(`${path}&bg=transparent`));
      expect(palette?.[0]).toEqual([255, 255, 255, 0]);
    }
  });

  test.each(['/digit.txt', '/walk.gif'])('is refused where it cannot be had: %s', async (path) => {
    const response = await get(`${path}?bg=transparent`);
    expect(response.status).toBe(400);
    const { errors } = await problemOf(response);
    expect(errors).toEqual([
      { parameter: 'bg', found: 'transparent', expected: expect.stringContaining('a colour') },
    ]);
  });

  test('makes no difference to data, and ink has to be there', async () => {
    expect(await bytesAt('/digit.npy?seed=c&bg=transparent')).toEqual(
      await bytesAt('/digit.npy?seed=c'),
    );
    expect((await get('/digit.png?fg=transparent')).status).toBe(400);
  });

  test('is in the permalink, and so in the tag', async () => {
    const { headers } = await get('/digit.png?seed=c&bg=transparent');
    expect(headers.get('Content-Location')).toBe(`/digit.png?seed=c&model=${model}&bg=transparent`);
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

  test('has the class that the classifier reads', async () => {
    const response = await plain.fetch('/digit.json?seed=a');
    const { label } = (await response.json()) as DigitDocument;
    expect(label).toBeGreaterThanOrEqual(0);
    expect(response.headers.get('X-Digit-Label')).toBe(`${label}`);
  });

  test.each([
    '/digit.png?label=1&raw=1',
    '/1?raw=1',
    '/walk?label=3&raw=1',
    '/digits.idx?label=3',
    '/digits.png?label=3&count=11',
  ])('cannot be asked for a class: %s', async (path) => {
    const response = await plain.fetch(path);
    expect(response.status).toBe(400);
    const { errors } = await problemOf(response);
    expect(errors.map(({ parameter }) => parameter)).toEqual(['label']);
  });

  test.each(['/digit.png?label=1', '/digit.png?raw=1', '/digits.png?label=3&count=10'])(
    'draws what it can search for: %s',
    async (path) => {
      expect((await plain.fetch(path)).status).toBe(200);
    },
  );
});
