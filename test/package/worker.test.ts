/** The package in somebody's Worker: wrangler bundles it, and the Workers runtime runs it. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Miniflare } from 'miniflare';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';

import { createApp } from '../../src/app.ts';
import { runWrangler } from '../../training/bundle/wrangler.ts';
import { shippedModel } from '../src/golden.ts';
import { exampleBelow } from './examples.ts';
import { pack, projectWith } from './installed.ts';

let packed: ReturnType<typeof pack>;
beforeAll(() => {
  packed = pack();
});
afterAll(() => packed.remove());

const COMPATIBILITY_DATE = '2026-11-17';
const MOUNTED = exampleBelow('In a Worker');
/** The documentation's Worker, and what it would draw by itself. */
const WORKER = `
import { createMint, toSvg } from 'digitmint';
${MOUNTED}
const mint = await createMint();
app.get('/own.svg', (c) => c.body(toSvg(mint.digit(c.req.query('seed')))));
`;
const CONFIG = `
name = "own"
main = "worker.js"
compatibility_date = "${COMPATIBILITY_DATE}"
`;

test('a Worker that mounts the app and draws by itself answers as the service does', async () => {
  const files = { 'worker.js': WORKER, 'wrangler.toml': CONFIG };
  const folder = projectWith(packed.tarball, files, ['hono']);
  const out = join(folder, 'out');
  await runWrangler(folder, ['deploy', '--dry-run', '--outdir', out]);

  const miniflare = new Miniflare({
    cf: false,
    workers: [
      {
        config: {
          name: 'own',
          compatibilityDate: COMPATIBILITY_DATE,
          compatibilityFlags: [],
          env: {},
          manifest: { mainModule: 'worker.js', modulesRoot: out, modules: modulesIn(out) },
        },
      },
    ],
  });
  onTestFinished(() => miniflare.dispose());
  const origin = await miniflare.ready;
  const textAt = async (path: string) => (await fetch(new URL(path, origin))).text();

  const service = createApp(shippedModel());
  const svg = await (await service.request('/digit.svg?seed=a', {}, {})).text();
  expect(await textAt('/digits/digit.svg?seed=a')).toBe(svg);
  expect(await textAt('/own.svg?seed=a')).toBe(svg);
  const { url } = JSON.parse(await textAt('/digits/7.json?seed=a')) as { url: string };
  expect(url).toMatch(/^\/digits\/digit\.json\?seed=a&/);
  expect((await fetch(new URL(url, origin))).status).toBe(200);
});

/** By their endings, as wrangler takes them without rules of one's own. */
function modulesIn(folder: string) {
  const names = readdirSync(folder).filter((name) => /\.(?:js|wasm|bin)$/.test(name));
  const module = (name: string) => {
    const contents = new Uint8Array(readFileSync(join(folder, name)));
    if (name.endsWith('.js')) return { type: 'esm', contents } as const;
    if (name.endsWith('.wasm')) return { type: 'wasm', contents } as const;
    return { type: 'data', contents } as const;
  };
  return Object.fromEntries(names.map((name) => [name, module(name)] as const));
}
