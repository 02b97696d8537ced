/** Pictures for the tests of encoders. */

import { readFileSync } from 'node:fs';

import { decode } from 'fast-png';

import type { Image } from '../../../src/encoders/pixels.ts';
import { Random } from '../../../src/sampler/random.ts';

/** Pixels of any grey level, the same for each size. */
export function noise(width: number, height: number): Image {
  const random = Random.fromString(`${width} × ${height}`);
  return {
    width,
    height,
    pixels: Uint8Array.from({ length: width * height }, () => random.nextUint32()),
  };
}

/** All of one grey level. */
export function flat(width: number, height: number, level: number): Image {
  return { width, height, pixels: new Uint8Array(width * height).fill(level) };
}

/** A grid of 10 × 10 digits that a generator has drawn. */
export function hundredDigits(): Image {
  const file = readFileSync(new URL('digits.png', import.meta.url));
  const { width, height, data } = decode(file);
  return { width, height, pixels: Uint8Array.from(data) };
}

/** One digit of hundredDigits. @param index 0 … 99 */
export function digit(index: number): Image {
  const { width, pixels } = hundredDigits();
  const side = width / 10;
  const corner = Math.floor(index / 10) * side * width + (index % 10) * side;
  const rows = Array.from({ length: side }, (_, y) => [
    ...pixels.subarray(corner + y * width, corner + y * width + side),
  ]);
  return { width: side, height: side, pixels: Uint8Array.from(rows.flat()) };
}
