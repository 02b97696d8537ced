/** Labels, series and walks over HTTP: the production bundle in the Workers runtime. */

import { decode, decodeApng } from 'fast-png';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { packedOf, randomClassifier, randomNetwork } from '../../training/bundle/networks.ts';
import { play } from '../encoders/play.ts';
import { startWorker, type WorkerUnderTest } from '../worker.ts';

interface DigitDocument {
  readonly seed: string;
  readonly label: number;
  readonly confidence: number;
  readonly pixels: number[];
  readonly url: string;
}

interface SeriesDocument {
  readonly model: string;
  readonly count: number;
  readonly digits: readonly DigitDocument[];
}

interface ProblemDocument {
  readonly errors: readonly { parameter: string; found: string; expected: string }[];
}

let worker: WorkerUnderTest;
beforeAll(async () => {
  worker = await startWorker();
});
afterAll(() => worker.stop());

const get = (path: string) => worker.fetch(path);
const digitAt = async (path: string) => (await (await get(path)).json()) as DigitDocument;
const seriesAt = async (path: string) => (await (await get(path)).json()) as SeriesDocument;
const bytesOf = async (response: Response) => new Uint8Array(await response.arrayBuffer());
const bytesAt = async (path: string) => bytesOf(await get(path));

/** A path on this server for a URL that names it. */
function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}

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
    for (const ending of ['', '.png', '.svg', '.json', '.txt', '.npy']) {
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

  test('a path of a class with another label is a label given twice', async () => {
    const response = await get('/7.png?label=3');
    expect(response.status).toBe(400);
    const { errors } = (await response.json()) as ProblemDocument;
    expect(errors).toEqual([
      { parameter: 'label', found: '7 and 3', expected: 'a single value' },
    ]);
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

  test('a seed without a label gives each class now and then', async () => {
    const { digits } = await seriesAt('/digits.json?seed=classes');
    expect(new Set(digits.map(({ label }) => label)).size).toBe(10);
  });

  test('the first candidate of most seeds is sure already, of none is it another digit than raw', async () => {
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
    const permalink = fresh.headers.get('Content-Location')!;
    const again = await get(permalink);
    expect(await bytesOf(again)).toEqual(await bytesOf(fresh));
    expect(again.headers.get('Cache-Control')).toContain('immutable');
    expect(again.headers.get('ETag')).toBe(fresh.headers.get('ETag'));
    expect(again.headers.get('Content-Location')).toBe(permalink);
    expect(again.headers.get('Content-Type')).toBe(fresh.headers.get('Content-Type'));
  });

  test('of a document is absolute, in its body', async () => {
    const { url, ...digit } = await digitAt('/8.json?raw=1');
    expect(await digitAt(pathOf(url))).toEqual({ ...digit, url });
    const { digits } = await seriesAt('/digits.json?count=4&label=2&raw=1');
    for (const each of digits) expect(await digitAt(pathOf(each.url))).toEqual(each);
  });
});

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

  test('has seeds of 16 hex digits, other ones for every series', async () => {
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

describe('colours', () => {
  test('that are no grey make a palette, in any notation', async () => {
    const { pixels } = await digitAt('/digit.json?seed=c');
    const spellings = ['fg=f80&bg=004', 'fg=%23FF8800&bg=%23000044', 'fg=ff8800&bg=000044'];
    const pictures = await Promise.all(
      spellings.map((query) => bytesAt(`/digit.png?seed=c&${query}`)),
    );
    for (const picture of pictures) expect(picture).toEqual(pictures[0]);
    const { data, palette } = decode(pictures[0]);
    expect(palette).toBeDefined();
    for (const [i, level] of pixels.entries()) {
      const [red, green, blue] = palette![Number(data[i])];
      expect(red).toBe(level);
      expect(green).toBe(Math.round((level * 0x88) / 255));
      expect(blue).toBe(Math.round(0x44 * (1 - level / 255)));
    }
  });

  test('that are greys stay grey, inverted for instance', async () => {
    const { pixels } = await digitAt('/digit.json?seed=c');
    const { data, channels } = decode(await bytesAt('/digit.png?seed=c&fg=000&bg=fff'));
    expect(channels).toBe(1);
    expect([...data]).toEqual(pixels.map((level) => 255 - level));
  });
});

describe('a walk', () => {
  test('goes from one digit to the other, in so many frames', async () => {
    const bytes = await bytesAt('/walk.png?from=a&to=b&frames=5');
    const { samples } = play(bytes);
    expect(samples).toHaveLength(5);
    const [from, to] = [await digitAt('/digit.json?seed=a'), await digitAt('/digit.json?seed=b')];
    expect([...samples[0]]).toEqual(from.pixels);
    expect([...samples[4]]).toEqual(to.pixels);
    expect(new Set(samples.map((data) => data.join())).size).toBe(5);
  });

  test('has 32 frames unless it is told otherwise', async () => {
    expect(decodeApng(await bytesAt('/walk?from=a&to=b')).frames).toHaveLength(32);
  });

  test.each([
    ['*/*', 'image/apng'],
    ['image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8', 'image/apng'],
    ['image/gif', 'image/gif'],
  ])('for Accept: %s is %s', async (accept, type) => {
    const response = await worker.fetch('/walk', { headers: { Accept: accept } });
    expect(response.headers.get('Content-Type')).toBe(type);
    expect(response.headers.get('Vary')).toBe('Accept');
  });
});

describe('a wrong parameter', () => {
  const colour = 'a colour of 3 or 6 hex digits, such as 0af or 00aaff';
  test.each([
    ['/digit.png?label=10', 'label', '10', 'a whole number from 0 to 9'],
    ['/digit.png?label=', 'label', '', 'a whole number from 0 to 9'],
    ['/digit.png?label=-1', 'label', '-1', 'a whole number from 0 to 9'],
    ['/digit.png?raw=2', 'raw', '2', 'a whole number from 0 to 1'],
    ['/digit.png?raw=true', 'raw', 'true', 'a whole number from 0 to 1'],
    ['/digit.png?fg=red', 'fg', 'red', colour],
    ['/digit.svg?bg=12345', 'bg', '12345', colour],
    ['/digit.txt?bg=', 'bg', '', colour],
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
    expect(((await response.json()) as ProblemDocument).errors).toEqual([
      { parameter, found, expected },
    ]);
  });

  test.each([
    ['/digits.png?scale=4', 1_254_400],
    ['/digits.png?count=51&cols=50&scale=5', 1_960_000],
    ['/digits.svg?count=83&cols=82&scale=4', 2_057_216],
    ['/digits.svg?scale=32', 80_281_600],
    ['/walk?frames=64&scale=5', 1_254_400],
    ['/walk.gif?scale=7', 1_229_312],
  ])('too large a picture: %s', async (path, pixels) => {
    const response = await get(path);
    expect(response.status).toBe(400);
    const { errors } = (await response.json()) as ProblemDocument;
    expect(errors[0].parameter).toBe('scale');
    expect(errors[0].expected).toContain(`${pixels}`);
  });

  test.each([
    '/digits.json?scale=x&cols=x&fg=x',
    '/digits.idx?frames=1',
    '/digit.npy?fg=x',
    '/walk?count=0&seed=',
  ])('that the route does not use is ignored: %s', async (path) => {
    expect((await get(path)).status).toBe(200);
  });
});

describe('the bound on a series', () => {
  test('is a variable, also where no count is asked for', async () => {
    const few = await startWorker({ variables: { MAX_COUNT: 10 } });
    const [usual, most, more] = await Promise.all(
      ['/digits.idx?seed=a', '/digits.idx?seed=a&count=10', '/digits.idx?count=11'].map((path) =>
        few.fetch(path),
      ),
    );
    expect(usual.headers.get('Content-Location')).toContain('count=10');
    expect(await bytesOf(usual)).toEqual(await bytesOf(most));
    const { errors } = (await more.json()) as ProblemDocument;
    expect(errors).toEqual([
      { parameter: 'count', found: '11', expected: 'a whole number from 1 to 10' },
    ]);
    await few.stop();
  });
});

describe('/model', () => {
  test('says where the digits come from', async () => {
    const model = (await (await get('/model')).json()) as Record<string, unknown>;
    expect(model['sha256']).toMatch(/^[0-9a-f]{64}$/);
    expect(model['model']).toBe(`${model['sha256'] as string}`.slice(0, 16));
    expect(model).toMatchObject({
      recipe: { epochs: 400, batchSize: 128, conditional: true },
      epochs: 400,
      dataset: 'MNIST',
      labelled: true,
      parameters: 1_488_912,
      quantization: expect.stringContaining('int8'),
      fidelity: { latents: 1000 },
    });
    const { accuracy } = model['classifier'] as { accuracy: number };
    expect(accuracy).toBeGreaterThanOrEqual(0.975);
  });
});

describe('an unlabelled generator', () => {
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
  ])('is not told a class: %s', async (path) => {
    const response = await plain.fetch(path);
    expect(response.status).toBe(400);
    const { errors } = (await response.json()) as ProblemDocument;
    expect(errors.map(({ parameter }) => parameter)).toEqual(['label']);
  });

  test.each(['/digit.png?label=1', '/digit.png?raw=1', '/digits.png?label=3&count=10'])(
    'is asked for all the same: %s',
    async (path) => {
      expect((await plain.fetch(path)).status).toBe(200);
    },
  );
});
