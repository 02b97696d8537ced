import { describe, expect, test } from 'vitest';

import { changedArea, crop, grid, magnify, type Image } from '../../../src/encoders/pixels.ts';
import { noise } from './pictures.ts';

const digit = (level: number): Image => ({
  width: 3,
  height: 2,
  pixels: new Uint8Array(6).fill(level),
});

describe('grid', () => {
  test('puts digits side by side, row after row, and leaves the rest black', () => {
    const { width, height, pixels } = grid([1, 2, 3].map(digit), 2);
    expect({ width, height }).toEqual({ width: 6, height: 4 });
    const rows = [
      [1, 1, 1, 2, 2, 2],
      [3, 3, 3, 0, 0, 0],
    ];
    expect([...pixels]).toEqual(rows.flatMap((row) => [row, row]).flat());
  });

  test('is no wider than its digits', () => {
    expect(grid([1, 2].map(digit), 10)).toMatchObject({ width: 6, height: 2 });
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

const blank: Image = { width: 5, height: 4, pixels: new Uint8Array(20) };

/** The blank picture with dots at these indices. */
function dotsAt(...places: readonly number[]): Image {
  const pixels = new Uint8Array(20);
  for (const place of places) pixels[place] = 1;
  return { ...blank, pixels };
}

describe('changedArea', () => {
  test('holds all that differs, and no more', () => {
    expect(changedArea(blank, dotsAt(6, 13))).toEqual({ left: 1, top: 1, width: 3, height: 2 });
    expect(changedArea(dotsAt(0), dotsAt(19))).toEqual({ left: 0, top: 0, width: 5, height: 4 });
    expect(changedArea(dotsAt(6, 19), dotsAt(19))).toEqual({
      left: 1,
      top: 1,
      width: 1,
      height: 1,
    });
  });

  test('is one pixel if nothing differs, and everything if there was nothing before', () => {
    expect(changedArea(blank, blank)).toMatchObject({ width: 1, height: 1 });
    expect(changedArea(undefined, blank)).toEqual({ left: 0, top: 0, width: 5, height: 4 });
  });
});

test('crop cuts out a rectangle', () => {
  const pixels = Uint8Array.from({ length: 20 }, (_, i) => i);
  const image = { width: 5, height: 4, pixels };
  expect(crop(image, { left: 1, top: 2, width: 3, height: 2 })).toEqual({
    width: 3,
    height: 2,
    pixels: Uint8Array.of(11, 12, 13, 16, 17, 18),
  });
});
