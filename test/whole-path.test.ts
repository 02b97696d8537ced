/** The whole way, once: MNIST → training → int8 weights → bundle → Workers runtime → PNG → pixels. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { decode } from 'fast-png';
import { expect, onTestFinished, test } from 'vitest';

import { Random } from '../src/sampler/random.ts';
import { latentOf, withClass } from '../src/sampler/seed.ts';
import { greyLevels } from '../training/data/grey-levels.ts';
import { parseNetwork } from '../training/quantization/float-file.ts';
import { runNetwork } from '../training/quantization/float-network.ts';
import { copyOfProject, type Upload, uploadOf } from './project.ts';
import { startWorker } from './src/worker.ts';
import { run } from './training/helpers.ts';

const SEEDS = ['a', 'whole path', '7', 'é'];

test.each([
  ['plain', []],
  ['conditional', ['--conditional']],
])(
  'from MNIST to a served digit keeps the pixels of the float generator: %s',
  async (_, variant) => {
    const project = copyOfProject();
    onTestFinished(project.remove);
    const [trained, weights] = [
      join(project.folder, 'run'),
      join(project.folder, 'weights/generator.safetensors'),
    ];
    const training = ['--epochs', '1', '--steps-per-epoch', '12', '--out', trained, ...variant];
    expect(await run('train', training)).toMatchObject({ code: 0, stderr: '' });
    const quantizing = ['--from', trained, '--out', weights];
    expect(await run('quantize', quantizing)).toMatchObject({ code: 0, stderr: '' });
    const upload = uploadOf(project);
    expect(gzipBytesOf(upload)).toBeLessThan(3_000_000);

    const worker = await startWorker({ upload });
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

/** All that a deployment would upload, compressed as the platform counts it. */
function gzipBytesOf({ folder, modules }: Upload): number {
  return gzipSync(Buffer.concat(modules.map((name) => readFileSync(folder + name)))).length;
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
