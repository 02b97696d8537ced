/** The contract over HTTP: the production bundle in the Workers runtime. */

import { decode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { startWorker, type WorkerUnderTest } from './worker.ts';

interface DigitDocument {
  readonly seed: string;
  readonly label: number;
  readonly confidence: number;
  readonly model: string;
  readonly pixels: number[];
  readonly url: string;
}

interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly { parameter: string; found: string; expected: string }[];
  readonly available?: readonly string[];
  readonly model?: string;
}

const DIGIT_PATHS = [
  '/',
  '/digit',
  '/digit.png',
  '/digit.svg',
  '/digit.json',
  '/digit.txt',
  '/digit.npy',
];
/** All that is drawn: each a picture or data of its own. */
const DRAWN_PATHS = [
  ...DIGIT_PATHS,
  '/7',
  '/0.svg',
  '/digits',
  '/digits.idx',
  '/walk',
  '/walk.gif',
];

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
const documentAt = async (path: string) => (await (await get(path)).json()) as DigitDocument;
const bytesOf = async (response: Response) => new Uint8Array(await response.arrayBuffer());

async function problemOf(response: Response): Promise<ProblemDocument> {
  expect(response.headers.get('Content-Type')).toBe('application/problem+json');
  expect(response.headers.get('Cache-Control')).toBe('no-store');
  const problem = (await response.json()) as ProblemDocument;
  expect(problem).toMatchObject({
    type: expect.any(String),
    title: expect.any(String),
    status: response.status,
    detail: expect.any(String),
  });
  return problem;
}

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
    const origin = new URL(response.url).origin;
    expect(document.url).toBe(`${origin}/digit.json?seed=a%26b%20c&model=${model}`);
  });

  test('as PNG has the pixels of the JSON', async () => {
    const response = await get('/digit.png?seed=7');
    expect(response.headers.get('Content-Type')).toBe('image/png');
    const png = decode(await bytesOf(response), { checkCrc: true });
    expect(png).toMatchObject({ width: 28, height: 28, depth: 8, channels: 1 });
    expect([...png.data]).toEqual((await documentAt('/digit.json?seed=7')).pixels);
  });

  test.each([1, 2, 7, 32])('at scale %i has each pixel that many wide', async (scale) => {
    const png = decode(await bytesOf(await get(`/digit.png?seed=7&scale=${scale}`)));
    const { pixels } = await documentAt('/digit.json?seed=7');
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
      Array.from({ length: 8 }, async () => (await documentAt('/digit.json')).seed),
    );
    expect(new Set(seeds).size).toBe(8);
  });

  test('of neighbouring seeds is quite another digit', async () => {
    const [a, b] = await Promise.all([
      documentAt('/digit.json?seed=1'),
      documentAt('/digit.json?seed=2'),
    ]);
    expect(a.pixels).not.toEqual(b.pixels);
  });
});

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
    const documents = await Promise.all(
      seeds.map((seed) => documentAt(`/digit.json?seed=${seed}`)),
    );
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
    expect(errors?.map(({ parameter }) => parameter).toSorted()).toEqual([
      'model',
      'scale',
      'seed',
    ]);
  });

  test('and does not echo a long value whole', async () => {
    const { errors } = await problemOf(await get(`/digit?seed=${'a'.repeat(4000)}`));
    expect(errors?.[0].found).toBe(`${'a'.repeat(100)}…`);
  });

  test('a value at the edge of its range is none', async () => {
    for (const query of ['scale=32', 'scale=0004', `seed=${'a'.repeat(64)}`, 'seed=0']) {
      expect((await get(`/digit.png?${query}`)).status).toBe(200);
    }
  });

  test.each([
    '/digit.png?cache-buster=%',
    '/digit.png?seeds=&=&&',
    '/digit.json?scale=x',
    '/digit?%=1',
  ])('but what the route does not use is ignored: %s', async (path) => {
    expect((await get(path)).status).toBe(200);
  });

  test('more pixels than the variable allows', async () => {
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

  test('a wrong parameter is found before a tag is compared', async () => {
    const response = await get('/digit.png?seed=7&scale=x', { 'If-None-Match': '*' });
    expect(response.status).toBe(400);
  });
});

/** 8 hex digits that are not the model's beginning, which no test knows beforehand. */
function model8(digit: string): string {
  return `${digit.repeat(7)}1`;
}

describe('the format', () => {
  test.each([
    ['*/*', 'image/png'],
    ['', 'image/png'],
    ['image/png', 'image/png'],
    ['application/json', 'application/json'],
    ['Application/JSON', 'application/json'],
    ['application/*', 'application/json'],
    ['image/*', 'image/png'],
    ['application/json, image/png', 'image/png'],
    ['application/json;q=0.9, image/png;q=0.8', 'application/json'],
    ['image/png;q=0.5, */*', 'image/svg+xml'],
    ['text/*', 'text/plain; charset=utf-8'],
    ['application/x-npy', 'application/x-npy'],
    ['image/*;q=0, */*;q=0.1', 'application/json'],
    ['image/*;q=0.9, image/png;q=0.1, application/json;q=0.5', 'image/svg+xml'],
    ['application/json ; charset=utf-8 ; q=1.0 , image/png;q=0.999', 'application/json'],
    ['text/html, application/json;q=0.1', 'application/json'],
    [
      'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/png,*/*;q=0.8',
      'image/png',
    ],
  ])('that Accept: %s likes best is %s', async (accept, contentType) => {
    // At /, who names HTML gets the page (page/serve.test.ts).
    const paths = accept.includes('text/html') ? ['/digit?seed=7'] : ['/', '/digit?seed=7'];
    for (const path of paths) {
      const response = await get(path, { Accept: accept });
      expect(response.headers.get('Content-Type')).toBe(contentType);
      expect(response.headers.get('Vary')).toBe('Accept');
    }
  });

  test.each(['text/html', 'image/webp', 'image/png;q=0', '*/*;q=0', 'application/json;q=0.000'])(
    'there is none for Accept: %s',
    async (accept) => {
      const response = await get('/digit?seed=7', { Accept: accept });
      expect(response.status).toBe(406);
      expect(response.headers.get('Vary')).toBe('Accept');
      expect((await problemOf(response)).available).toEqual([
        'image/png',
        'image/svg+xml',
        'application/json',
        'text/plain',
        'application/x-npy',
      ]);
    },
  );

  test('is the one that the path names, whatever Accept says', async () => {
    const response = await get('/digit.json', { Accept: 'image/png' });
    expect(response.headers.get('Content-Type')).toBe('application/json');
    expect(response.headers.get('Vary')).toBeNull();
  });
});

describe('methods', () => {
  const routes = [...DRAWN_PATHS, '/model', '/health'];

  test.each(routes)('HEAD %s answers as GET without a body', async (route) => {
    const path = `${route}?seed=7&from=a&to=b`;
    const plain = { 'Accept-Encoding': 'identity' }; // The local runtime compresses JSON.
    const [head, full] = [await get(path, plain, 'HEAD'), await get(path, plain)];
    expect(head.status).toBe(200);
    expect(await head.text()).toBe('');
    const { connection: _, ...headHeaders } = Object.fromEntries(head.headers);
    const { connection: __, ...fullHeaders } = Object.fromEntries(full.headers);
    expect(headHeaders).toEqual(fullHeaders);
  });

  test('Content-Length is the number of bytes', async () => {
    const response = await get('/digit.png?seed=7');
    const bytes = await bytesOf(response);
    expect(response.headers.get('Content-Length')).toBe(`${bytes.length}`);
  });

  test.each(routes)('OPTIONS %s answers a preflight', async (path) => {
    const response = await get(
      path,
      {
        Origin: 'https://example.com',
        'Access-Control-Request-Method': 'GET',
        'Access-Control-Request-Headers': 'if-none-match',
      },
      'OPTIONS',
    );
    expect(response.status).toBe(204);
    expect(response.headers.get('Access-Control-Allow-Methods')).toBe('GET, HEAD, OPTIONS');
    expect(response.headers.get('Access-Control-Allow-Headers')).toBe('*');
  });

  test.each(routes)('others on %s are 405', async (path) => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
      const response = await get(path, {}, method);
      expect(response.status).toBe(405);
      expect(response.headers.get('Allow')).toBe('GET, HEAD, OPTIONS');
      await problemOf(response);
    }
  });
});

describe('every answer', () => {
  test.each<[number, string, string, Record<string, string>]>([
    [200, 'GET', '/digit.png?seed=7', {}],
    [200, 'HEAD', '/digit.json', {}],
    [200, 'GET', '/health', {}],
    [204, 'OPTIONS', '/digit', {}],
    [200, 'GET', '/model', {}],
    [304, 'GET', '/digit.png?seed=7', { 'If-None-Match': '*' }],
    [400, 'GET', '/digit.png?seed=', {}],
    [404, 'GET', '/nowhere', {}],
    [404, 'OPTIONS', '/nowhere', {}],
    [404, 'GET', '/digit/', {}],
    [404, 'GET', '/digit.gif', {}],
    [404, 'GET', '/digits.txt', {}],
    [404, 'GET', '/walk.svg', {}],
    [404, 'GET', '/10', {}],
    [404, 'GET', '/a.png', {}],
    [404, 'GET', '/7.idx', {}],
    [405, 'POST', '/', {}],
    [406, 'GET', '/', { Accept: 'text/css' }],
  ])('%i for %s %s may be read by any page', async (status, method, path, headers) => {
    const response = await get(path, headers, method);
    expect(response.status).toBe(status);
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe('*');
    expect(response.headers.get('X-Content-Type-Options')).toBe('nosniff');
    const exposed = response.headers.get('Access-Control-Expose-Headers')?.split(', ');
    expect(exposed).toEqual(
      expect.arrayContaining(['ETag', 'Content-Location', 'X-Digit-Seed', 'X-Digit-Model']),
    );
  });

  test('of no route is a 404 problem', async () => {
    const response = await get('/favicon.ico');
    expect(response.status).toBe(404);
    await problemOf(response);
  });
});

describe('/health', () => {
  test('names the model', async () => {
    const response = await get('/health');
    expect(response.headers.get('Cache-Control')).toBe('no-store');
    expect(await response.json()).toEqual({ status: 'ok', model: expect.stringMatching(/^[0-9a-f]{16}$/) }); // prettier-ignore
  });
});

describe('broken weights', () => {
  test('are a 500 without internals, and not ok for /health', async () => {
    const broken = await startWorker({ model: new Uint8Array(100), quiet: true });
    const responses = [await broken.fetch('/digit.png'), await broken.fetch('/health')];
    await broken.stop();
    for (const response of responses) {
      expect(response.status).toBe(500);
      const text = JSON.stringify(await problemOf(response));
      expect(text).not.toMatch(/safetensors|header|\.ts|\.js/i);
    }
  });
});
