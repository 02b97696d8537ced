import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { parseSafetensors } from '../../../src/weights/safetensors.ts';
import { loadEngine } from '../../../training/bundle/engine.ts';
import { readNetwork } from '../../../training/bundle/network.ts';
import { accuracyOf } from '../../../training/classifier/classifier.ts';
import { readDataset } from '../../../training/data/dataset.ts';
import { dataFolder, idx, idxImages, idxLabels, run, temporaryFolder } from '../helpers.ts';

const SHIPPED = join(import.meta.dirname, '../../../weights/classifier.safetensors');

describe('the classifier that ships', () => {
  it("reads at least 97.5 % of MNIST's test images right, as int8 on the Worker's kernel", () => {
    const bytes = readFileSync(SHIPPED);
    const accuracy = accuracyOf(readDataset(null, 't10k'), loadEngine(bytes).classify);
    expect(accuracy).toBeGreaterThanOrEqual(0.975);
    const { fidelity } = parseSafetensors(bytes).metadata;
    expect(JSON.parse(fidelity)).toEqual({ testImages: 10_000, accuracy });
  });
});

/** Twenty images with these labels, and four to be judged by. */
function data(labels: Uint8Array): string {
  return dataFolder(20, {
    'train-labels-idx1-ubyte': labels,
    't10k-images-idx3-ubyte': idxImages(4),
    't10k-labels-idx1-ubyte': idxLabels(4),
  });
}

describe('npm run train:classifier', () => {
  it('writes int8 weights, the same for the same seed on any number of threads', async () => {
    const folder = data(idxLabels(20));
    const out = temporaryFolder();
    const weights = [];
    for (const [name, threads, seed] of [
      ['a', '1', '1'],
      ['b', '2', '1'],
      ['c', '2', '2'],
    ]) {
      const path = join(out, `${name}.safetensors`);
      const args = ['--data', folder, '--epochs', '3', '--out', path];
      const ended = await run('train-classifier', [...args, '--threads', threads, '--seed', seed]);
      expect(ended).toMatchObject({ code: 0, stderr: '' });
      expect(ended.stdout).toMatch(/as int8 it reads [\d.]+ % of 4 test images right\.\n$/);
      weights.push(readFileSync(path));
    }
    expect(weights[0].equals(weights[1])).toBe(true);
    expect(weights[0].equals(weights[2])).toBe(false);
    expect(readNetwork(weights[0])).toMatchObject({ kind: 'classifier', inputFractionBits: 8 });
  });

  it('refuses labels that are no digits', async () => {
    const out = join(temporaryFolder(), 'x.safetensors');
    const folder = data(idx(0x0801, [20], new Uint8Array(20).fill(10)));
    const ended = await run('train-classifier', ['--data', folder, '--out', out]);
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toMatch(/^.*found label 10 at image 0, expected 0 to 9.*\n$/);
  });
});
