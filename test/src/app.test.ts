/** Methods, and what every answer has in common: the production bundle in the Workers runtime. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { bytesOf, problemOf } from './documents.ts';
import { DRAWN_PATHS } from './paths.ts';
import { startWorker, type WorkerUnderTest } from './worker.ts';

let worker: WorkerUnderTest;
beforeAll(async () => {
  worker = await startWorker();
});
afterAll(() => worker.stop());

const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  worker.fetch(path, { method, headers });

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
    expect(response.headers.get('Access-Control-Max-Age')).toBe('86400');
    expect(response.headers.get('Allow')).toBe('GET, HEAD, OPTIONS');
    expect(response.headers.get('Vary')).toBeNull();
  });

  test.each(routes)('any other method on %s is a 405', async (path) => {
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
  ])('%i for %s %s can be read by any page', async (status, method, path, headers) => {
    const response = await get(path, headers, method);
    expect(response.status).toBe(status);
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe('*');
    expect(response.headers.get('X-Content-Type-Options')).toBe('nosniff');
    const exposed = response.headers.get('Access-Control-Expose-Headers')?.split(', ');
    expect(exposed).toEqual(
      expect.arrayContaining([
        'ETag',
        'Content-Location',
        'X-Digit-Seed',
        'X-Digit-Model',
        'Retry-After',
        'Allow',
      ]),
    );
    expect(response.headers.get('Cross-Origin-Resource-Policy')).toBe('cross-origin');
  });

  test('where there is no route is a 404 problem', async () => {
    const response = await get('/nowhere.ico');
    expect(response.status).toBe(404);
    await problemOf(response);
  });
});
