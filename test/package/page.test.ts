/** The package in web pages: bundled by Vite, served by Vite's development server, and without any tool. */

import { existsSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

import type { Page } from 'playwright-core';
import { build, createServer } from 'vite';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import { Chromium, hasChromium } from '../foreign/chromium.ts';
import { readGolden, summaryOf } from '../src/golden.ts';
import { exampleBelow } from './examples.ts';
import { pack, projectWith } from './installed.ts';

const SEEDS = Object.keys(readGolden().digits);
const pageThat = (imports: string) => `<!doctype html>
<meta charset="utf-8">
<title>Digits</title>
<script type="module">
${imports}
</script>
`;
const DRAW = `
const mint = await createMint();
globalThis.drawn = ${JSON.stringify(SEEDS)}.map((seed) => {
  const { pixels, label, confidence } = mint.digit(seed);
  return [seed, { pixels: [...pixels], label, confidence }];
});
const image = document.createElement('img');
image.src = toDataUrl(mint.digit('a'), { scale: 8 });
document.body.append(image);
`;
const VITE = pageThat(`import { createMint, toDataUrl } from 'digitmint';${DRAW}`);
const PLAIN = pageThat(
  `import { createMint, toDataUrl } from './node_modules/digitmint/dist/index.js';${DRAW}`,
);

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
};

describe.skipIf(!hasChromium)('in Chromium', () => {
  let packed: ReturnType<typeof pack>;
  let chromium: Chromium;
  beforeAll(async () => {
    packed = pack();
    chromium = await Chromium.start();
  });
  afterAll(async () => {
    packed.remove();
    await chromium.close();
  });

  /** @param folder whose files are answered, in place of a server */
  async function open(url: string, folder?: string): Promise<Page> {
    const page = await chromium.newPage();
    onTestFinished(() => page.close());
    await page.route('**', (route) => {
      if (folder === undefined) return route.continue();
      const { pathname } = new URL(route.request().url());
      const path = join(folder, pathname === '/' ? 'index.html' : pathname);
      if (!existsSync(path)) return route.fulfill({ status: 404 });
      const contentType = TYPES[extname(path)] ?? 'application/octet-stream';
      return route.fulfill({ body: readFileSync(path), contentType });
    });
    page.on('pageerror', (error) => console.error(error));
    await page.goto(url);
    return page;
  }

  /** What a page has drawn, once its picture is there. */
  async function drawnAt(url: string, folder?: string): Promise<unknown> {
    const page = await open(url, folder);
    const width = await page
      .locator('img')
      .evaluate((image: HTMLImageElement) => image.naturalWidth);
    expect(width).toBe(8 * 28);
    const drawn = await page.evaluate(
      () => (globalThis as unknown as { drawn: [string, Parameters<typeof summaryOf>[0]][] }).drawn,
    );
    return Object.fromEntries(drawn.map(([seed, digit]) => [seed, summaryOf(digit)]));
  }

  test('a page that Vite has bundled draws the digits of the service', async () => {
    const root = projectWith(packed.tarball, { 'index.html': VITE });
    await build({ root, configFile: false, logLevel: 'error', build: { target: 'es2022' } });
    const drawn = await drawnAt('https://localhost/', join(root, 'dist'));
    expect(drawn).toEqual(readGolden().digits);
  });

  test('the documentation’s page shows a seven', async () => {
    const page = `<!doctype html>\n${exampleBelow('In a page')}`;
    const root = projectWith(packed.tarball, { 'index.html': page });
    await build({ root, configFile: false, logLevel: 'error', build: { target: 'es2022' } });
    const shown = await open('https://localhost/', join(root, 'dist'));
    const image = shown.getByAltText('a seven');
    await expect.poll(() => image.evaluate((it: HTMLImageElement) => it.naturalWidth)).toBe(4 * 28);
  });

  test('so does one on its development server', async () => {
    const root = projectWith(packed.tarball, { 'index.html': VITE });
    const server = await createServer({
      root,
      configFile: false,
      logLevel: 'error',
      server: { port: 0, host: '127.0.0.1', hmr: false },
    });
    onTestFinished(() => server.close());
    await server.listen();
    const [url] = server.resolvedUrls?.local ?? [];
    expect(await drawnAt(url)).toEqual(readGolden().digits);
  });

  test('so does one that no tool has touched', async () => {
    const root = projectWith(packed.tarball, { 'index.html': PLAIN });
    expect(await drawnAt('https://localhost/', root)).toEqual(readGolden().digits);
  });
});
