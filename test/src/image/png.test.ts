import { createHash } from 'node:crypto';

import { decode } from 'fast-png';
import { describe, expect, test } from 'vitest';

import { grid, magnify, type Image } from '../../../src/image/grid.ts';
import { encodePng } from '../../../src/image/png.ts';
import { Random } from '../../../src/sampler/random.ts';

function noise(width: number, height: number): Image {
  const random = Random.fromString(`${width} × ${height}`);
  return {
    width,
    height,
    pixels: Uint8Array.from({ length: width * height }, () => random.nextUint32()),
  };
}

describe('encodePng', () => {
  test.each([
    ['one pixel', noise(1, 1)],
    ['one row', noise(300, 1)],
    ['one column', noise(1, 300)],
    ['an odd size', noise(13, 7)],
    ['a digit', noise(28, 28)],
    ['a flat picture', { width: 64, height: 32, pixels: new Uint8Array(64 * 32).fill(200) }],
    ['repeated rows', magnify(noise(5, 9), 7)],
    ['more than one deflate window', noise(400, 300)],
  ])('gives back every pixel of %s', (_, image) => {
    const decoded = decode(encodePng(image), { checkCrc: true });
    expect(decoded).toMatchObject({
      width: image.width,
      height: image.height,
      depth: 8,
      channels: 1,
    });
    expect(Uint8Array.from(decoded.data)).toEqual(image.pixels);
  });

  test('writes the same bytes everywhere', () => {
    // Refresh only together with the version number in the model's hash: these bytes are cached.
    const png = encodePng(magnify(noise(28, 28), 3));
    expect(createHash('sha256').update(png).digest('hex')).toMatchInlineSnapshot(
      `"03a7d1fdb8940a57a56a288793a52105535f5346d1d92444f51c527c435df120"`,
    );
  });
});

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
