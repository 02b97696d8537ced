import { describe, expect, test } from 'vitest';

import { encodeNpy, npyHeader } from '../../../src/encoders/npy.ts';
import { hasNumpy, loadNpy } from '../../foreign/numpy.ts';
import { noise } from './pictures.ts';

const shapes = [[], [0], [1], [7], [3, 28, 28], [100, 1, 1], [2, 0, 5], [1, 2, 3, 4, 5]];
const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

describe.skipIf(!hasNumpy)('encodeNpy, in NumPy', () => {
  test.each(shapes.map((shape) => ({ shape })))('loads as $shape', ({ shape }) => {
    const data = noise(sizeOf(shape), 1).pixels;
    expect(loadNpy(encodeNpy(shape, data))).toEqual({ dtype: '|u1', shape, isCOrder: true, data });
  });
});

describe('encodeNpy', () => {
  test('begins with a header of a multiple of 64 bytes, whatever the shape', () => {
    for (let exponent = 0; exponent < 16; exponent++) {
      const shape = [10 ** exponent, 28, 28];
      const header = npyHeader(shape);
      expect(header.length % 64).toBe(0);
      expect(header[8] + 256 * header[9]).toBe(header.length - 10);
      expect(header.at(-1)).toBe(0x0a);
      expect(Buffer.from(header).toString('latin1')).toContain(`(${10 ** exponent}, 28, 28)`);
    }
  });

  test('is the header followed by the data', () => {
    const data = noise(2, 3).pixels;
    expect(encodeNpy([3, 2], data)).toEqual(Uint8Array.of(...npyHeader([3, 2]), ...data));
  });

  test('refuses data that is not what the shape says', () => {
    expect(() => encodeNpy([2, 28, 28], new Uint8Array(784))).toThrow(
      new RangeError('found 784 bytes, expected 1568 for the shape 2 × 28 × 28'),
    );
  });
});
