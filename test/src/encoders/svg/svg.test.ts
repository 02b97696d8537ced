import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { colourOf, WHITE_ON_BLACK, type Colours } from '../../../../src/encoders/colours.ts';
import type { Image } from '../../../../src/encoders/pixels.ts';
import { encodeSvg } from '../../../../src/encoders/svg/svg.ts';
import { Chromium, hasChromium, type Picture } from '../../../foreign/chromium.ts';
import { digit, flat, hundredDigits, noise } from '../pictures.ts';

const BLUE_ON_CREAM: Colours = { foreground: [20, 40, 160], background: [255, 250, 230] };

/** The picture at this size, each pixel in the nearest of 32 levels, without any blending. */
function expected(image: Image, width: number, height: number, colours: Colours): Picture {
  const pixels = new Uint8Array(width * height * 4);
  for (let i = 0; i < width * height; i++) {
    const x = Math.floor((((i % width) + 0.5) * image.width) / width);
    const y = Math.floor(((Math.floor(i / width) + 0.5) * image.height) / height);
    const level = (Math.round((image.pixels[y * image.width + x] * 31) / 255) * 255) / 31;
    pixels.set([...colourOf(level, colours), 255], i * 4);
  }
  return { width, height, pixels };
}

/** How many bytes differ; toEqual would take long to tell for large pictures. */
function differences(picture: Picture, { pixels }: Picture): number {
  let count = Math.abs(picture.pixels.length - pixels.length);
  for (const [index, value] of pixels.entries()) if (value !== picture.pixels[index]) count++;
  return count;
}

const ring: Image = {
  width: 7,
  height: 6,
  pixels: Uint8Array.from(
    ['.......', '.9#99#.', '.#.#.#9', '.#..#9#', '9.###.9', '#9...9#'].join(''),
    (pixel) => ({ '.': 0, '9': 153, '#': 255 })[pixel] ?? 0,
  ),
};

describe.skipIf(!hasChromium)('encodeSvg, in Chromium', () => {
  let chromium: Chromium;
  beforeAll(async () => {
    chromium = await Chromium.start();
  });
  afterAll(() => chromium?.close());

  test.each([28, 44, 100, 560])('shows digits without seams in %i pixels', async (side) => {
    for (const index of [0, 13, 57, 99]) {
      const image = digit(index);
      const picture = await chromium.renderSvg(encodeSvg(image), { width: side, height: side });
      expect(differences(picture, expected(image, side, side, WHITE_ON_BLACK))).toBe(0);
    }
  });

  test.each<[string, Image]>([
    ['one pixel', noise(1, 1)],
    ['one row', noise(300, 1)],
    ['one column', noise(1, 300)],
    ['an odd size', noise(13, 7)],
    ['nothing but paper', flat(28, 28, 0)],
    ['nothing but ink', flat(28, 28, 255)],
    ['holes, islands in them and corners that touch', ring],
    ['a hundred digits', hundredDigits()],
    ['noise', noise(120, 110)],
  ])('shows %s', async (_, image) => {
    // At multiples of 16 no pixel of the screen has its centre on an edge, where it could go either way.
    const odd = [image.width, image.height].map((side) => Math.ceil((side * 2.6) / 16) * 16);
    for (const [width, height] of [[image.width, image.height], odd]) {
      const picture = await chromium.renderSvg(encodeSvg(image), { width, height });
      expect(differences(picture, expected(image, width, height, WHITE_ON_BLACK))).toBe(0);
    }
  });

  test('has the size that the scale asks for', async () => {
    const image = digit(5);
    for (const scale of [1, 3]) {
      const picture = await chromium.renderSvg(encodeSvg(image, { scale }));
      expect(picture).toMatchObject({ width: 28 * scale, height: 28 * scale });
      const wanted = expected(image, 28 * scale, 28 * scale, WHITE_ON_BLACK);
      expect(differences(picture, wanted)).toBe(0);
    }
  });

  test('draws in the colours asked for', async () => {
    const image = digit(42);
    const svg = encodeSvg(image, { colours: BLUE_ON_CREAM });
    const picture = await chromium.renderSvg(svg, { width: 100, height: 100 });
    expect(differences(picture, expected(image, 100, 100, BLUE_ON_CREAM))).toBe(0);
  });

  test.each<[string, Image]>([
    ['a digit', digit(42)],
    ['holes, islands in them and corners that touch', ring],
    ['noise', noise(120, 110)],
  ])('without paper, is ink as opaque as the levels of %s', async (_, image) => {
    const svg = encodeSvg(image, { colours: BLUE_ON_CREAM, transparent: true });
    const { width, height } = image;
    const { pixels } = await chromium.renderSvg(svg, { width: width * 2, height: height * 2 });
    const found = Array.from({ length: width * height * 4 }, (_value, i) => pixels[i * 4 + 3]);
    const wanted = Array.from({ length: width * height * 4 }, (_value, i) => {
      const [x, y] = [Math.floor((i % (width * 2)) / 2), Math.floor(i / (width * 2) / 2)];
      return Math.round((image.pixels[y * width + x] * 31) / 255) * (255 / 31);
    });
    for (const [i, alpha] of found.entries()) expect(Math.abs(alpha - wanted[i])).toBeLessThan(1);
    const opaque = found.indexOf(255);
    if (opaque >= 0)
      expect([...pixels.subarray(opaque * 4, opaque * 4 + 3)]).toEqual([20, 40, 160]);
  });

  test('is well-formed, and made of at most 32 paths', async () => {
    const names = await chromium.elementsOf(encodeSvg(hundredDigits()), 'image/svg+xml');
    expect(names).toEqual(['svg', ...Array.from({ length: 32 }, () => 'path')]);
  });
});

describe('encodeSvg', () => {
  test('without paper, ends runs where their level does', () => {
    const image = { width: 3, height: 2, pixels: Uint8Array.of(0, 255, 5, 4, 255, 255) };
    const lines = [
      '<svg xmlns="http://www.w3.org/2000/svg" width="3" height="2" viewBox="0 -.5 3 2" shape-rendering="crispEdges">',
      '<g stroke="#ffffff">',
      '<path stroke-opacity="0.032" d="m2 0h1"/>',
      '<path stroke-opacity="1" d="m1 0h1m-1 1h2"/>',
      '</g></svg>',
    ];
    expect(encodeSvg(image, { transparent: true })).toBe(lines.join(''));
  });

  test('paints runs of each level beneath those that are brighter', () => {
    const image = { width: 3, height: 2, pixels: Uint8Array.of(0, 255, 5, 4, 255, 255) };
    const lines = [
      '<svg xmlns="http://www.w3.org/2000/svg" width="12" height="8" viewBox="0 -.5 3 2" shape-rendering="crispEdges">',
      '<path fill="#000000" d="M0-.5h3v2H0z"/>',
      '<path stroke="#080808" d="m1 0h2"/>',
      '<path stroke="#ffffff" d="m1 0h1m-1 1h2"/>',
      '</svg>',
    ];
    expect(encodeSvg(image, { scale: 4 })).toBe(lines.join(''));
  });
});
