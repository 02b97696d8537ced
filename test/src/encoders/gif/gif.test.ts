import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { colourOf, WHITE_ON_BLACK, type Colours } from '../../../../src/encoders/colours.ts';
import { encodeGif } from '../../../../src/encoders/gif/gif.ts';
import { magnify, type Image } from '../../../../src/encoders/pixels.ts';
import { Chromium, hasChromium } from '../../../foreign/chromium.ts';
import { digit, flat, hundredDigits, noise } from '../pictures.ts';

const BLUE_ON_CREAM: Colours = { foreground: [20, 40, 160], background: [255, 250, 230] };

const frame = (image: Image, delayMs = 100) => ({ image, delayMs });

/** Red, green, blue and opacity of each pixel. */
function drawn(image: Image, colours = WHITE_ON_BLACK): Buffer {
  return Buffer.from([...image.pixels].flatMap((level) => [...colourOf(level, colours), 255]));
}

/** A row in which no pair of neighbours occurs twice, so that each pixel takes a code. */
function withoutRepeats(width: number): Image {
  const pixels = new Uint8Array(width);
  for (let x = 1; x < width; x++) pixels[x] = pixels[x - 1] + 2 * Math.floor(x / 256) + 1;
  return { width, height: 1, pixels };
}

describe.skipIf(!hasChromium)('encodeGif, in Chromium', () => {
  let chromium: Chromium;
  beforeAll(async () => {
    chromium = await Chromium.start();
  });
  afterAll(() => chromium?.close());

  test.each<[string, Image]>([
    ['one pixel', noise(1, 1)],
    ['one row', noise(300, 1)],
    ['one column', noise(1, 300)],
    ['a digit', digit(3)],
    ['paper', flat(28, 28, 0)],
    ['ink', flat(200, 300, 255)],
    ['a hundred digits', hundredDigits()],
    ['more codes than a table holds, many times', noise(250, 201)],
    ['repeated rows', magnify(noise(5, 9), 7)],
  ])('gives back every pixel of %s', async (_, image) => {
    const { frames } = await chromium.decode(encodeGif([frame(image)]), 'image/gif');
    expect(frames).toHaveLength(1);
    expect(frames[0]).toMatchObject({ width: image.width, height: image.height });
    expect(drawn(image).equals(frames[0].pixels)).toBe(true);
  });

  test('gives back every pixel wherever codes get longer and the table ends', async () => {
    // Codes get longer after 255, 767 and 1791 of them, and the table ends after 3838.
    const ends = [255, 767, 1791, 3838].flatMap((end) =>
      Array.from({ length: 9 }, (_, index) => end - 4 + index),
    );
    for (const length of ends) {
      const image = withoutRepeats(length);
      const { frames } = await chromium.decode(encodeGif([frame(image)]), 'image/gif');
      expect(drawn(image).equals(frames[0].pixels), `${length} pixels`).toBe(true);
    }
  });

  test('shows its frames in turn for ever, each for its time', async () => {
    const images = [3, 14, 15, 92, 65].map(digit);
    const delays = [100, 20, 1234, 2004, 500];
    const file = encodeGif(images.map((image, index) => frame(image, delays[index])));
    const { frames, repetitions } = await chromium.decode(file, 'image/gif');
    expect(repetitions).toBe(Infinity);
    expect(frames.map(({ durationMs }) => durationMs)).toEqual([100, 20, 1230, 2000, 500]);
    for (const [index, image] of images.entries()) {
      expect(drawn(image).equals(frames[index].pixels)).toBe(true);
    }
  });

  test('magnifies, and draws in the colours asked for', async () => {
    const images = [digit(1), digit(2)];
    const options = { scale: 6, colours: BLUE_ON_CREAM };
    const file = encodeGif(
      images.map((image) => frame(image)),
      options,
    );
    const { frames } = await chromium.decode(file, 'image/gif');
    expect(frames).toHaveLength(2);
    for (const [index, image] of images.entries()) {
      expect(frames[index]).toMatchObject({ width: 168, height: 168 });
      expect(drawn(magnify(image, 6), BLUE_ON_CREAM).equals(frames[index].pixels)).toBe(true);
    }
  });
});
