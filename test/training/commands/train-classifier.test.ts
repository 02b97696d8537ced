import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { readNetwork } from '../../../training/bundle/network.ts';
import { parseNetwork } from '../../../training/quantization/float-file.ts';
import { dataFolder, idx, idxImages, idxLabels, run, temporaryFolder } from '../helpers.ts';

/** Twenty images with these labels, and four to test on. */
function data(labels: Uint8Array): string {
  return dataFolder(20, {
    'train-labels-idx1-ubyte': labels,
    't10k-images-idx3-ubyte': idxImages(4),
    't10k-labels-idx1-ubyte': idxLabels(4),
  });
}

describe('npm run train:classifier', () => {
  test('writes int8 weights, the same for the same seed on any number of threads', async () => {
    const folder = data(idxLabels(20));
    const out = temporaryFolder();
    const weights = [];
    for (const [name, threads, seed] of [
      ['a', '1', '1'],
      ['b', '2', '1'],
      ['c', '2', '2'],
    ]) {
      const path = join(out, `${name}.safetensors`);
      const float = join(out, `${name}.float.safetensors`);
      const args = ['--data', folder, '--epochs', '3', '--out', path, '--float', float];
      const ended = await run('train-classifier', [...args, '--threads', threads, '--seed', seed]);
      expect(ended).toMatchObject({ code: 0, stderr: '' });
      expect(ended.stdout).toMatch(
        /as int8 it classifies [\d.]+ % of 4 test images correctly\.\n$/,
      );
      expect(parseNetwork(readFileSync(float), 'classifier').layers).toHaveLength(2);
      weights.push(readFileSync(path));
    }
    expect(weights[0].equals(weights[1])).toBe(true);
    expect(weights[0].equals(weights[2])).toBe(false);
    expect(readNetwork(weights[0])).toMatchObject({ kind: 'classifier', inputFractionBits: 7 });
  });

  test('refuses a single class, of which there is nothing to tell', async () => {
    const out = join(temporaryFolder(), 'x.safetensors');
    const ofOne = idx(0x0801, [20], new Uint8Array(20).fill(7));
    const labels = { 'train-labels-idx1-ubyte': ofOne, 't10k-labels-idx1-ubyte': ofOne };
    const folder = dataFolder(20, labels);
    const ended = await run('train-classifier', ['--data', folder, '--out', out]);
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toMatch(
      /^.*found a single class, expected 2 to 100 classes for the classifier\.\n$/,
    );
  });
});
