/** The package's types in the strictest TypeScript, as bundlers and as Node resolve modules. */

import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { pack, projectWith } from './installed.ts';

let packed: ReturnType<typeof pack>;
beforeAll(() => {
  packed = pack();
});
afterAll(() => packed.remove());

const LIBRARY = `
import { createMint, toDataUrl, toPng, type Mint, type MintedDigit } from 'digitmint';
import * as inlined from 'digitmint/inlined';

const mint: Mint = await createMint({ weights: 'https://example.com/model.bin', raw: true });
const digit: MintedDigit = mint.digit('anything', { label: 7 });
const pixels: Uint8Array = digit.pixels;
const png: Uint8Array = toPng(mint.number('2024'), { scale: 8, fg: '#c30' });
const url: string = toDataUrl(mint.walk('a', 'b', 8)[3]);
const others: readonly MintedDigit[] = (await inlined.createMint()).digits('series', 10);
export { others, pixels, png, url };

// @ts-expect-error A label is a number or a name.
mint.digit('anything', { label: true });
// @ts-expect-error Pictures have one scale.
toPng(digit, { scale: '8' });
`;

const APP = `
import { createApp } from 'digitmint/hono';
import { Hono } from 'hono';

export default new Hono().route('/digits', await createApp());
`;

const BACKEND = `
import { startBackend, type Backend } from 'digitmint/backend';

const backend: Backend = await startBackend({ threads: 'auto', relaxedSimd: true });
await backend.stop();
`;

const STRICT = {
  target: 'es2022',
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: false,
  noEmit: true,
  types: [],
};

function complaintsOf(files: Readonly<Record<string, string>>, options: object, links: string[]) {
  const tsconfig = JSON.stringify({ compilerOptions: { ...STRICT, ...options } });
  const folder = projectWith(packed.tarball, { ...files, 'tsconfig.json': tsconfig }, links);
  const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));
  const compiler = join(typescript, 'bin/tsc');
  return spawnSync(process.execPath, [compiler], { cwd: folder, encoding: 'utf8' }).stdout;
}

const RESOLUTIONS = [
  { module: 'esnext', moduleResolution: 'bundler' },
  { module: 'nodenext', moduleResolution: 'nodenext' },
];

test.each(RESOLUTIONS)('$moduleResolution: the library, checked to its last type', (options) => {
  const files = { 'library.ts': LIBRARY };
  expect(complaintsOf(files, { ...options, lib: ['es2022'], skipLibCheck: false }, [])).toBe('');
});

test.each(RESOLUTIONS)('$moduleResolution: app and backend beside hono and tfjs', (options) => {
  const files = { 'app.ts': APP, 'backend.ts': BACKEND };
  const links = ['hono', '@tensorflow/tfjs', '@tensorflow/tfjs-core'];
  const lib = ['es2022', 'dom', 'dom.iterable'];
  expect(complaintsOf(files, { ...options, lib, skipLibCheck: true }, links)).toBe('');
});
