/** The whole way, once: MNIST → training → int8 weights → bundle → Workers runtime → PNG → pixels. */

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { decode } from 'fast-png';
import { expect, onTestFinished, test } from 'vitest';

import { Random } from '../src/sampler/random.ts';
import { latentOf, withClass } from '../src/sampler/seed.ts';
import { greyLevels } from '../training/data/grey-levels.ts';
import { parseNetwork } from '../training/quantization/float-file.ts';
import { runNetwork } from '../training/quantization/float-network.ts';
import { startWorker } from './src/worker.ts';
import { run } from './training/helpers.ts';

const ROOT = join(import.meta.dirname, '..');
const BUILT_FROM = [
  'src',
  'training',
  'weights',
  'wrangler.toml',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
];
const SEEDS = ['a', 'whole path', '7', 'é'];

test.each([
  ['plain', []],
  ['conditional', ['--conditional']],
])(
  'from MNIST to a served digit keeps the pixels of the float generator: %s',
  async (_, variant) => {
    const project = copyOfProject();
    const [trained, weights] = [
      join(project, 'run'),
      join(project, 'weights/generator.safetensors'),
    ];
    const training = ['--epochs', '1', '--steps-per-epoch', '12', '--out', trained, ...variant];
    expect(await run('train', training)).toMatchObject({ code: 0, stderr: '' });
    const quantizing = ['--from', trained, '--out', weights];
    expect(await run('quantize', quantizing)).toMatchObject({ code: 0, stderr: '' });
    const model = bundledModel(project);
    expect(bundleGzipBytes(project)).toBeLessThan(3_000_000);

    const worker = await startWorker({ model });
    onTestFinished(() => worker.stop());
    const served = await Promise.all(SEEDS.map((seed) => fetchPixels(worker, seed)));
    const drawn = SEEDS.map((seed) => floatPixels(join(trained, 'generator.safetensors'), seed));

    for (const [i, pixels] of served.entries()) {
      expect(meanDifference(pixels, drawn[i])).toBeLessThanOrEqual(0.5);
      expect(Math.max(...pixels.map((level, p) => Math.abs(level - drawn[i][p])))).toBeLessThan(16);
      // The digits of other seeds are far off, even after so short a training.
      for (const [j, other] of drawn.entries()) {
        if (j !== i) expect(meanDifference(pixels, other)).toBeGreaterThan(5);
      }
    }
  },
);

/** A copy of what the Worker is built from, in a folder from which node_modules is found. */
function copyOfProject(): string {
  mkdirSync(join(ROOT, 'build'), { recursive: true });
  const folder = mkdtempSync(join(ROOT, 'build/whole-path-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of BUILT_FROM) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  return folder;
}

/** Builds the Worker there as a deployment would; returns the model in its bundle. */
function bundledModel(project: string): Buffer {
  const wrangler = join(ROOT, 'node_modules/wrangler/bin/wrangler.js');
  const args = ['deploy', '--dry-run', '--outdir', 'bundle'];
  const { status, stderr } = spawnSync(process.execPath, [wrangler, ...args], {
    cwd: project,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  const name = readdirSync(join(project, 'bundle')).find((file) => file.endsWith('.safetensors'));
  return readFileSync(join(project, 'bundle', name ?? 'no model'));
}

/** All that a deployment would upload, compressed as the platform counts it. */
function bundleGzipBytes(project: string): number {
  const files = readdirSync(join(project, 'bundle'))
    .filter((name) => !name.endsWith('.map') && name !== 'README.md')
    .map((name) => readFileSync(join(project, 'bundle', name)));
  return gzipSync(Buffer.concat(files)).length;
}

async function fetchPixels(
  worker: Awaited<ReturnType<typeof startWorker>>,
  seed: string,
): Promise<number[]> {
  const response = await worker.fetch(`/digit.png?raw=1&seed=${encodeURIComponent(seed)}`);
  expect(response.status).toBe(200);
  const image = decode(new Uint8Array(await response.arrayBuffer()));
  expect(image).toMatchObject({ width: 28, height: 28, channels: 1, depth: 8 });
  return Array.from(image.data);
}

function floatPixels(file: string, seed: string): number[] {
  const generator = parseNetwork(readFileSync(file));
  const { classes } = generator;
  const random = Random.fromString(seed);
  const label = classes > 0 ? random.below(classes) : 0;
  const latent = latentOf(random, generator.layers[0].inputs - classes);
  const units = classes > 0 ? withClass(latent, label, classes) : latent;
  const inputs = Float32Array.from(units, (unit) => unit / 4096);
  return Array.from(greyLevels(runNetwork(generator, inputs)));
}

function meanDifference(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, level, i) => sum + Math.abs(level - b[i]), 0) / a.length;
}
