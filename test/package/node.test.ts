/** The package in scripts: on the Node that the project pins, and on the machine's own, which may be as old as 20. */

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { buildSync } from 'esbuild';
import { decode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { readGolden, shippedModel, summaryOf } from '../src/golden.ts';
import { exampleBelow } from './examples.ts';
import { ownNode, pack, projectWith } from './installed.ts';

let packed: ReturnType<typeof pack>;
beforeAll(() => {
  packed = pack();
});
afterAll(() => packed.remove());

const own = ownNode();
if (own === undefined) {
  console.warn(
    'Found no Node of the machine’s own from 20 on, so tests that need one are skipped.',
  );
}
const NODES = [
  { name: 'the pinned Node', node: process.execPath, skip: false },
  { name: 'the machine’s own Node', node: own ?? '', skip: own === undefined },
];

const DRAW = `
const digits = Object.keys(JSON.parse(process.argv[2])).map((seed) => mint.digit(seed));
const shown = digits.map(({ seed, pixels, label, confidence }) => ({ seed, pixels: [...pixels], label, confidence }));
console.log(JSON.stringify(shown));
`;
const SCRIPT = `import { createMint } from 'digitmint';\nconst mint = await createMint();${DRAW}`;
const INLINED = SCRIPT.replace("'digitmint'", "'digitmint/inlined'");

function runScript(node: string, folder: string, script: string): unknown {
  const seeds = JSON.stringify(readGolden().digits);
  const output = execFileSync(node, [script, seeds], { cwd: folder, encoding: 'utf8' });
  const drawn = JSON.parse(output) as {
    seed: string;
    pixels: number[];
    label: number;
    confidence: number;
  }[];
  return Object.fromEntries(drawn.map(({ seed, ...digit }) => [seed, summaryOf(digit)]));
}

describe.each(NODES)('on $name', ({ node, skip }) => {
  test.skipIf(skip)('a script draws the digits of the service', () => {
    const folder = projectWith(packed.tarball, { 'draw.js': SCRIPT });
    expect(runScript(node, folder, 'draw.js')).toEqual(readGolden().digits);
  });

  test.skipIf(skip)('so does one that is bundled into a single file', () => {
    const folder = projectWith(packed.tarball, { 'draw.js': INLINED });
    buildSync({
      absWorkingDir: folder,
      entryPoints: ['draw.js'],
      bundle: true,
      format: 'esm',
      platform: 'node',
      outfile: 'alone/draw.mjs',
      logLevel: 'silent',
    });
    const alone = join(folder, 'alone');
    expect(runScript(node, alone, 'draw.mjs')).toEqual(readGolden().digits);
  });

  test.skipIf(skip)('the documentation’s script writes a number', () => {
    const folder = projectWith(packed.tarball, { 'script.js': exampleBelow('In a script') });
    execFileSync(node, ['script.js'], { cwd: folder });
    const picture = decode(readFileSync(join(folder, '2024.png')));
    expect(picture).toMatchObject({ width: 4 * 28 * 8, height: 28 * 8 });
  });

  test.skipIf(skip)('the app answers', () => {
    const script = `
      import { createApp } from 'digitmint/hono';
      import { Hono } from 'hono';
      const app = new Hono().route('/digits', await createApp());
      const response = await app.request('/digits/7.json?seed=a');
      console.log(await response.text());
    `;
    const folder = projectWith(packed.tarball, { 'app.js': script }, ['hono']);
    const output = execFileSync(node, ['app.js'], { cwd: folder, encoding: 'utf8' });
    const { url, pixels } = JSON.parse(output) as { url: string; pixels: number[] };
    expect(pixels).toEqual([...shippedModel().sampler.digit('a', { label: 7 }).pixels]);
    expect(url).toMatch(/^\/digits\/digit\.json\?seed=a&/);
  });

  test.skipIf(skip)('the training backend multiplies, on several threads', () => {
    const script = `
      import * as tf from '@tensorflow/tfjs';
      import { startBackend } from 'digitmint/backend';
      const backend = await startBackend({ threads: 2, relaxedSimd: false });
      const a = tf.ones([300, 200]), b = tf.ones([200, 300]);
      const sums = new Set(await tf.matMul(a, b, true, true).data());
      console.log(JSON.stringify({ name: tf.getBackend(), threads: backend.threads, sums: [...sums] }));
      await backend.stop();
    `;
    const links = ['@tensorflow/tfjs', '@tensorflow/tfjs-backend-wasm'];
    const folder = projectWith(packed.tarball, { 'train.js': script }, links);
    const output = execFileSync(node, ['train.js'], { cwd: folder, encoding: 'utf8' });
    expect(JSON.parse(output)).toEqual({ name: 'wasm', threads: 2, sums: [300] });
  });
});

test('the documentation’s test suite runs in vitest', () => {
  const files = {
    'digits.test.js': exampleBelow('In a test suite'),
    'reader.js': "import { createMint } from 'digitmint';\n" + READER,
  };
  const folder = projectWith(packed.tarball, files, ['vitest']);
  const vitest = join(folder, 'node_modules/vitest/vitest.mjs');
  const args = ['run', '--reporter', 'json', '--outputFile', 'report.json'];
  execFileSync(process.execPath, [vitest, ...args], { cwd: folder, stdio: 'pipe' });
  const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as object;
  expect(report).toMatchObject({ success: true, numPassedTests: 20 });
});

/** Knows the suite's digits by heart. */
const READER = `
const known = (await createMint()).digits('cases', 20);
export const read = (pixels) => known.find((digit) => digit.pixels.join() === pixels.join()).label;
`;
