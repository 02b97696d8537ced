import { describe, expect, test } from 'vitest';

import { grid, magnify } from '../../../src/encoders/pixels.ts';
import { noise } from './pictures.ts';

const digit = (level: number) => new Uint8Array(9).fill(level);

describe('grid', () => {
  test('puts digits side by side, row after row, and leaves the rest black', () => {
    const { width, height, pixels } = grid([1, 2, 3].map(digit), 2);
    expect({ width, height }).toEqual({ width: 6, height: 6 });
    const rows = [
      [1, 1, 1, 2, 2, 2],
      [3, 3, 3, 0, 0, 0],
    ];
    expect([...pixels]).toEqual(rows.flatMap((row) => [row, row, row]).flat());
  });

  test('is no wider than its digits', () => {
    expect(grid([1, 2].map(digit), 10)).toMatchObject({ width: 6, height: 3 });
  });
});

describe('magnify', () => {
  test('makes each pixel a square', () => {
    const image = { width: 2, height: 1, pixels: Uint8Array.of(5, 9) };
    expect(magnify(image, 3)).toEqual({
      width: 6,
      height: 3,
      pixels: Uint8Array.from([0, 1, 2].flatMap(() => [5, 5, 5, 9, 9, 9])),
    });
  });

  test('by 1 changes nothing', () => {
    expect(magnify(noise(3, 4), 1)).toEqual(noise(3, 4));
  });
});
