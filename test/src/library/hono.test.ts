/** The app under a path of somebody else's app: the same answers, whose links lead back there. */

import { Hono } from 'hono';
import { beforeAll, describe, expect, test } from 'vitest';

import { createApp as serviceOf } from '../../../src/app.ts';
import { createApp } from '../../../src/library/entries/hono-node.ts';
import { shippedModel } from '../golden.ts';

const service = serviceOf(shippedModel());
const around = new Hono();
beforeAll(async () => {
  around.get('/', (c) => c.text('home'));
  around.route('/some/digits', await createApp());
  around.notFound((c) => c.text('not here', 404));
});

const get = (path: string, init?: RequestInit) => around.request(`http://localhost${path}`, init);
const bytesOf = async (response: Response) => new Uint8Array(await response.arrayBuffer());

describe('the app, mounted', () => {
  test.each([
    '/digit.png?seed=a',
    '/7.svg?seed=a&scale=2',
    '/digits.npy?seed=a&count=3',
    '/walk.gif?from=a&to=b&frames=3',
    '/number/2024.png?seed=a',
    '/digit/a.svg',
    '/digit?seed=a',
    '/model',
    '/health',
  ])('answers %s as the service does', async (path) => {
    const [mounted, served] = [await get(`/some/digits${path}`), await service.request(path)];
    expect(mounted.status).toBe(200);
    expect(await bytesOf(mounted)).toEqual(await bytesOf(served));
    const location = served.headers.get('Content-Location');
    expect(mounted.headers.get('Content-Location')).toBe(location && `/some/digits${location}`);
  });

  test('draws a digit at its own root, and leaves the rest alone', async () => {
    for (const root of ['/some/digits', '/some/digits?seed=a', '/some/digits/']) {
      const response = await get(root);
      expect(response.headers.get('Content-Type')).toBe('image/png');
      expect(response.headers.get('Content-Location')).toMatch(/^\/some\/digits\/digit\.png\?/);
    }
    expect(await (await get('/')).text()).toBe('home');
    expect(await (await get('/elsewhere')).text()).toBe('not here');
  });

  test('every link leads to the same bytes', async () => {
    const response = await get('/some/digits/digits.json?seed=a&count=2');
    const { digits } = (await response.json()) as { digits: { url: string; pixels: number[] }[] };
    for (const { url, pixels } of digits) {
      expect(url).toMatch(/^\/some\/digits\/digit\.json\?/);
      const again = await get(url);
      expect(again.headers.get('Cache-Control')).toContain('immutable');
      expect(((await again.json()) as { pixels: number[] }).pixels).toEqual(pixels);
    }
    const location = response.headers.get('Content-Location') ?? '';
    expect((await get(location)).status).toBe(200);
  });

  test('its OpenAPI document names the path, and every example works', async () => {
    const response = await get('/some/digits/openapi.json');
    const api = (await response.json()) as {
      servers: { url: string }[];
      paths: Record<string, { get: { 'x-codeSamples': { source: string }[] } }>;
    };
    expect(api.servers).toEqual([{ url: '/some/digits' }]);
    for (const { get: operation } of Object.values(api.paths)) {
      const [, url] = /'(https:[^']+)'/.exec(operation['x-codeSamples'][0].source) ?? [];
      expect((await around.request(url)).status, url).toBe(200);
    }
  });

  test('its addresses are absolute where the environment names an origin', async () => {
    const environment = { ORIGIN: 'https://example.com' };
    const request = (path: string) => around.request(`/some/digits${path}`, {}, environment);
    const { url } = (await (await request('/7.json')).json()) as { url: string };
    expect(url).toMatch(/^https:\/\/example\.com\/some\/digits\/digit\.json\?/);
    const api = (await (await request('/openapi.json')).json()) as { servers: object[] };
    expect(api.servers).toEqual([{ url: 'https://example.com/some/digits' }]);
  });

  test('answers what is wrong with problem documents', async () => {
    const problems: [path: string, init: RequestInit, status: number][] = [
      ['/some/digits/digit?seed=', {}, 400],
      ['/some/digits/nothing', {}, 404],
      ['/some/digits/digits.txt', {}, 404],
      ['/some/digits/digit', { method: 'POST' }, 405],
      ['/some/digits/digit', { headers: { Accept: 'text/csv' } }, 406],
    ];
    for (const [path, init, status] of problems) {
      const response = await get(path, init);
      expect(response.status).toBe(status);
      expect(response.headers.get('Content-Type')).toBe('application/problem+json');
    }
    const preflight = await get('/some/digits/digit', { method: 'OPTIONS' });
    expect(preflight.status).toBe(204);
  });

  test('a conditional request to it is a 304', async () => {
    const etag = (await get('/some/digits/digit.png?seed=a')).headers.get('ETag') ?? '';
    const again = await get('/some/digits/digit.png?seed=a', {
      headers: { 'If-None-Match': etag },
    });
    expect(again.status).toBe(304);
  });
});
