import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';

import { decode } from 'fast-png';
import { describe, expect, test } from 'vitest';

import { colourOf, type Colours } from '../../../../src/encoders/colours.ts';
import { grid, magnify, type Image } from '../../../../src/encoders/pixels.ts';
import { encodePng } from '../../../../src/encoders/png/png.ts';
import { Random } from '../../../../src/sampler/random.ts';
import { digit, noise } from '../pictures.ts';

/** Mostly paper, some of it with specks, and noisy ink, as digits are. */
function digitLike(name: string): Image {
  const random = Random.fromString(name);
  const side = 28;
  const pixels = Uint8Array.from({ length: side * side }, (_, i) => {
    const distance = Math.abs(Math.hypot((i % side) - side / 2, i / side - side / 2) - side / 4);
    const chance = random.nextUint32() % 100;
    if (distance > side / 10) return chance < 3 ? chance : 0;
    return distance < side / 20 ? 255 - (chance % 8) : chance * 2;
  });
  return { width: side, height: side, pixels };
}

const images: [string, Image][] = [
  ['one pixel', noise(1, 1)],
  ['one row', noise(300, 1)],
  ['one column', noise(1, 300)],
  ['an odd size', noise(13, 7)],
  ['a digit', digitLike('one')],
  ['a blank digit', { width: 28, height: 28, pixels: new Uint8Array(784) }],
  ['a flat picture', { width: 64, height: 32, pixels: new Uint8Array(64 * 32).fill(200) }],
  ['repeated rows', magnify(noise(5, 9), 7)],
  ['more than one deflate window', noise(400, 300)],
];

const colourings: [string, Colours][] = [
  ['black on white', { foreground: [0, 0, 0], background: [255, 255, 255] }],
  ['light grey on dark grey', { foreground: [200, 200, 200], background: [17, 17, 17] }],
  ['blue on cream', { foreground: [10, 20, 130], background: [255, 250, 235] }],
  ['light on dark', { foreground: [255, 230, 120], background: [20, 0, 40] }],
  ['neighbouring colours', { foreground: [10, 10, 12], background: [10, 10, 11] }],
  ['one grey', { foreground: [99, 99, 99], background: [99, 99, 99] }],
  ['one colour', { foreground: [1, 2, 3], background: [1, 2, 3] }],
];

/** Red, green and blue of each pixel, by fast-png. */
function decodeColours(png: Uint8Array): Buffer {
  const { data, palette } = decode(png, { checkCrc: true });
  return Buffer.from(
    Array.from(data, (sample) => palette?.[sample] ?? [sample, sample, sample]).flat(),
  );
}

describe('encodePng', () => {
  test.each(images)('gives back every pixel of %s', (_, image) => {
    for (const scale of image.pixels.length > 5000 ? [1, 2] : [1, 2, 3, 32]) {
      const expected = magnify(image, scale);
      const decoded = decode(encodePng(image, { scale }), { checkCrc: true });
      expect(decoded).toMatchObject({
        width: expected.width,
        height: expected.height,
        depth: 8,
        channels: 1,
      });
      expect(Buffer.from(decoded.data.buffer).equals(expected.pixels)).toBe(true);
    }
  });

  test.each(colourings)('draws %s', (_, colours) => {
    for (const image of [digitLike('one'), noise(40, 30), noise(1, 1)]) {
      for (const scale of [1, 3, 12]) {
        const expected = Array.from(magnify(image, scale).pixels, (level) =>
          colourOf(level, colours),
        );
        const decoded = decodeColours(encodePng(image, { scale, colours }));
        expect(decoded.equals(Buffer.from(expected.flat()))).toBe(true);
      }
    }
  });

  test.each(images)('without paper, is ink as opaque as the levels of %s', (_, image) => {
    const colours: Colours = { foreground: [200, 30, 7], background: [1, 2, 3] };
    for (const scale of image.pixels.length > 5000 ? [1, 2] : [1, 3, 32]) {
      const png = encodePng(image, { scale, colours, transparent: true });
      const { data, palette } = decode(png, { checkCrc: true });
      const found = Array.from(data, (sample) => palette?.[sample]);
      const expected = Array.from(magnify(image, scale).pixels, (level) => [200, 30, 7, level]);
      expect(Buffer.from(found.flat() as number[]).equals(Buffer.from(expected.flat()))).toBe(true);
    }
  });

  test('puts only colours that occur into the palette', () => {
    const image = { width: 4, height: 1, pixels: Uint8Array.of(0, 255, 0, 255) };
    const [, colours] = colourings[2];
    expect(decode(encodePng(image, { colours })).palette).toEqual([
      colours.background,
      colours.foreground,
    ]);
  });

  test('is about as small as zlib at its best', () => {
    const twenty = grid(
      Array.from({ length: 20 }, (_, i) => digitLike(`${i}`)),
      5,
    );
    for (const scale of [1, 2, 3, 4, 8, 32]) {
      expect(encodePng(twenty, { scale }).length / bestOf(twenty, scale)).toBeLessThan(1.05);
    }
    const digits = Array.from({ length: 100 }, (_, index) => digit(index));
    for (const scale of [1, 2, 3, 4, 8, 32]) {
      const ours = digits.reduce((sum, image) => sum + encodePng(image, { scale }).length, 0);
      const best = digits.reduce((sum, image) => sum + bestOf(image, scale), 0);
      expect(ours / best).toBeLessThan(1.05);
    }
  });

  test('writes the same bytes everywhere', () => {
    // They change with ANSWERS_VERSION alone, not with engine or processor.
    const hash = createHash('sha256');
    for (const [, image] of images) hash.update(encodePng(image, { scale: 3 }));
    for (const [, colours] of colourings) hash.update(encodePng(digitLike('one'), { colours }));
    expect(hash.digest('hex')).toMatchInlineSnapshot(
      `"e9b4f98797167e4e126de75b5a0668fbb497fd47786785b844c86301edb4ac61"`,
    );
  });
});

/** The size of a file whose zlib stream is that of zlib's level 9. */
function bestOf(image: Image, scale: number): number {
  const { width, height, pixels } = magnify(image, scale);
  const rows = new Uint8Array(height * (width + 1));
  for (let y = 0; y < height; y++) {
    rows.set(pixels.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  }
  return deflateSync(rows, { level: 9 }).length + 57;
}
