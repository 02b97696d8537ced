/** The page over HTTP: who gets it, what it may do, how long it is kept, how little it weighs. */

import { gzipSync } from 'node:zlib';

import { decode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createPage, type PageBundle } from '../../../src/page/serve.ts';
import { startWorker, type WorkerUnderTest } from '../worker.ts';

/** What browsers send when one goes to an address, and for an <img>. */
const CHROMIUM =
  'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7';
const FIREFOX = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
const SAFARI = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
const CHROMIUM_IMG = 'image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8';
const SAFARI_IMG =
  'image/webp,image/avif,image/jxl,image/heic,image/heic-sequence,video/*;q=0.8,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5';

let worker: WorkerUnderTest;
let html: string;
let files: readonly string[];

beforeAll(async () => {
  worker = await startWorker();
  html = await (await get('/', FIREFOX)).text();
  files = Array.from(html.matchAll(/(?:href|src)="(\/page\/[^"]+)"/g), ([, path]) => path);
});
afterAll(() => worker.stop());

const get = (path: string, accept = '*/*', headers: Record<string, string> = {}) =>
  worker.fetch(path, { headers: { Accept: accept, ...headers } });

test.each([
  ['Chromium', CHROMIUM, 'text/html; charset=utf-8'],
  ['Firefox', FIREFOX, 'text/html; charset=utf-8'],
  ['Safari', SAFARI, 'text/html; charset=utf-8'],
  ['who likes both equally', 'image/png, text/html', 'text/html; charset=utf-8'],
  ['who names it in capitals', 'TEXT/HTML', 'text/html; charset=utf-8'],
  ['curl', '*/*', 'image/png'],
  ["Chromium's <img>", CHROMIUM_IMG, 'image/png'],
  ["Safari's <img>", SAFARI_IMG, 'image/png'],
  ['who likes PNG better', 'text/html;q=0.9, image/png', 'image/png'],
  ['who takes any text', 'text/*, image/png;q=0.1', 'text/plain; charset=utf-8'],
  ['who wants no HTML', 'text/html;q=0, */*', 'image/png'],
  ['who wants JSON', 'application/json', 'application/json'],
])('%s gets at / what it asks for', async (_, accept, contentType) => {
  const { status, headers } = await get('/', accept);
  expect([status, headers.get('Content-Type')]).toEqual([200, contentType]);
  expect(headers.get('Vary')).toBe('Accept');
});

test('/digit has no HTML', async () => {
  expect((await get('/digit', 'text/html')).status).toBe(406);
});

describe('the document', () => {
  test('allows nothing from elsewhere, nothing inline and no eval', async () => {
    const policy = (await get('/', FIREFOX)).headers.get('Content-Security-Policy');
    expect(policy).toContain("default-src 'none'");
    const scripts = policy?.match(/script-src ([^;]*)/)?.[1];
    expect(scripts).toBe("'self' 'wasm-unsafe-eval'");
    expect(policy).not.toContain('unsafe-inline');
    expect(policy).not.toMatch(/https?:|data:|blob:/);
    expect(html).not.toMatch(/ style=| on\w+=|<style|<script(?![^>]* src=)/);
  });

  test('is asked for each time, and sent only if it has changed', async () => {
    const { headers } = await get('/', FIREFOX);
    expect(headers.get('Cache-Control')).toBe('no-cache');
    const again = await get('/', FIREFOX, { 'If-None-Match': headers.get('ETag')! });
    expect([again.status, await again.text()]).toEqual([304, '']);
    expect(again.headers.get('Vary')).toBe('Accept');
  });

  test('has a title, a description, an icon, and a picture for those who link to it', async () => {
    expect(html).toMatch(/<title>[^<]{10,70}<\/title>/);
    expect(html).toMatch(/<meta\s+name="description"\s+content="[^"]{50,200}"/);
    expect(html).toMatch(/<link rel="icon"[^>]* href="\/page\/favicon\.svg\?v=/);
    const address = html.match(/og:image"\s+content="([^"]+)"/)?.[1].replaceAll('&amp;', '&');
    const response = await get(address!);
    expect(response.headers.get('Cache-Control')).toContain('immutable');
    const { width, height } = decode(await response.arrayBuffer());
    expect(html).toContain(`property="og:image:width" content="${width}"`);
    expect(html).toContain(`property="og:image:height" content="${height}"`);
  });

  test('leaves nothing to be filled in', () => {
    expect(html).not.toContain('{{');
  });

  test('escapes the name of its origin', async () => {
    const bundle: PageBundle = {
      html: { contentType: 'text/html', version: '1', text: '<p title="{{origin}}">{{model}}' },
      files: {},
    };
    const page = createPage(bundle);
    const response = page.document(new Request('http://a/'), '<&>', `http://a"b'c`);
    expect(await response.text()).toBe('<p title="http://a&#34;b&#39;c">&#60;&#38;&#62;');
  });
});

describe('its files', () => {
  test('are five', () => {
    expect(files.map((path) => path.replace(/.*\/(.*)\?v=[0-9a-f]{16}$/, '$1')).toSorted()).toEqual(
      ['app.css', 'app.js', 'favicon.svg', 'notices.txt', 'sampler.wasm'],
    );
  });

  test('are kept for ever under their version, for an hour without one, and not under another', async () => {
    for (const path of files) {
      const { status, headers } = await get(path);
      expect([status, headers.get('Cache-Control')]).toEqual([
        200,
        'public, max-age=31536000, immutable',
      ]);
      expect(headers.get('ETag')).toBe(`"${path.slice(-16)}"`);
      expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
      const again = await get(path, '*/*', { 'If-None-Match': `W/"${path.slice(-16)}"` });
      expect([again.status, again.headers.get('Cache-Control')]).toEqual([
        304,
        'public, max-age=31536000, immutable',
      ]);
      const [bare] = path.split('?');
      expect((await get(bare)).headers.get('Cache-Control')).toBe('public, max-age=3600');
      expect((await get(`${bare}?v=0`)).headers.get('Cache-Control')).toBe('no-store');
    }
  });

  test('have their media types', async () => {
    const types = await Promise.all(
      files.toSorted().map(async (path) => (await get(path)).headers.get('Content-Type')),
    );
    expect(types).toEqual([
      'text/css; charset=utf-8',
      'text/javascript; charset=utf-8',
      'image/svg+xml',
      'text/plain; charset=utf-8',
      'application/wasm',
    ]);
  });

  test('weigh less than 80 kB gzipped, without weights', async () => {
    const own = files.filter((path) => /\.(js|css|svg|wasm)\?/.test(path));
    const bodies = await Promise.all(own.map(async (path) => (await get(path)).arrayBuffer()));
    const sizesBytes = [html, ...bodies].map((body) => gzipSync(body).length);
    expect(sizesBytes.reduce((sum, size) => sum + size)).toBeLessThan(80_000);
  });

  test('are no others', async () => {
    expect((await get('/page/app.ts')).status).toBe(404);
    expect((await get('/page/')).status).toBe(404);
    expect((await worker.fetch('/page/app.js', { method: 'POST' })).status).toBe(405);
    const head = await worker.fetch('/page/app.js', { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });
});
