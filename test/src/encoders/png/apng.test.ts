import { decode } from 'fast-png';
import { describe, expect, test } from 'vitest';

import { colourOf } from '../../../../src/encoders/colours.ts';
import { magnify, type Frame, type Image } from '../../../../src/encoders/pixels.ts';
import { encodeApng } from '../../../../src/encoders/png/apng.ts';
import { encodePng } from '../../../../src/encoders/png/png.ts';
import { Random } from '../../../../src/sampler/random.ts';
import { areasOf, chunksOf, play } from '../play.ts';

/** Noise that fills a rectangle of a blank picture. */
function noiseAt(left: number, top: number, right: number, bottom: number): Image {
  const random = Random.fromString(`${left} ${top} ${right} ${bottom}`);
  const [width, height] = [20, 13];
  const pixels = Uint8Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return x >= left && x < right && y >= top && y < bottom ? random.nextUint32() : 0;
  });
  return { width, height, pixels };
}

const blank = noiseAt(0, 0, 0, 0);
const animations: [string, Image[]][] = [
  ['one frame', [noiseAt(2, 2, 9, 9)]],
  ['whole frames', [1, 2, 3].map((i) => noiseAt(0, 0, 20 - i / 9, 13))],
  ['parts', [blank, noiseAt(3, 1, 7, 6), noiseAt(6, 5, 20, 13), noiseAt(0, 0, 1, 1)]],
  ['frames that do not differ', [blank, blank, noiseAt(5, 5, 6, 6), noiseAt(5, 5, 6, 6), blank]],
  ['edges', [blank, noiseAt(0, 0, 20, 1), noiseAt(19, 0, 20, 13), noiseAt(0, 12, 20, 13)]],
];

function framesOf(images: readonly Image[]): Frame[] {
  return images.map((image, index) => ({ image, delayMs: 40 + index }));
}

describe('encodeApng', () => {
  test.each(animations)('shows every frame of %s', (_, images) => {
    for (const scale of [1, 3, 32]) {
      const file = encodeApng(framesOf(images), { scale });
      const { samples, apng } = play(file);
      expect(apng).toMatchObject({
        width: 20 * scale,
        height: 13 * scale,
        numberOfFrames: images.length,
        numberOfPlays: 0,
      });
      for (const [index, image] of images.entries()) {
        expect(Buffer.from(samples[index]).equals(magnify(image, scale).pixels)).toBe(true);
        const { delayNumber, delayDenominator } = apng.frames[index];
        expect((delayNumber / delayDenominator) * 1000).toBe(40 + index);
      }
    }
  });

  test.each(animations)('without paper, is ink as opaque as the levels of %s', (_, images) => {
    const file = encodeApng(framesOf(images), { transparent: true });
    const { samples, apng } = play(file);
    const { palette } = decode(encodePng(images[0], { transparent: true }));
    expect(palette).toBeDefined();
    const alphas = chunksOf(file).find(({ type }) => type === 'tRNS')!.data;
    expect(apng.numberOfFrames).toBe(images.length);
    for (const [index, image] of images.entries()) {
      expect(Array.from(samples[index], (sample) => alphas.getUint8(sample))).toEqual([
        ...image.pixels,
      ]);
    }
  });

  test('shows its first frame to decoders that know only PNG', () => {
    const [, images] = animations[2];
    const first = encodePng(images[1], { scale: 2 });
    const file = encodeApng(framesOf(images.slice(1)), { scale: 2 });
    expect(decode(file, { checkCrc: true }).data).toEqual(decode(first).data);
  });

  test('numbers its chunks and sends only what changes', () => {
    const file = encodeApng(framesOf(animations[2][1]), { scale: 2 });
    const chunks = chunksOf(file);
    expect(chunks.map(({ type }) => type)).toEqual(
      'IHDR acTL fcTL IDAT fcTL fdAT fcTL fdAT fcTL fdAT IEND'.split(' '),
    );
    const numbered = chunks.filter(({ type }) => type === 'fcTL' || type === 'fdAT');
    expect(numbered.map(({ data }) => data.getUint32(0))).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(areasOf(file)).toEqual([
      [40, 26, 0, 0],
      [8, 10, 6, 2],
      [34, 24, 6, 2],
      [40, 26, 0, 0],
    ]);
  });

  test('has one palette for all frames', () => {
    const colours = { foreground: [255, 40, 0], background: [0, 30, 60] } as const;
    const [, images] = animations[2];
    const { samples, apng } = play(encodeApng(framesOf(images), { colours }));
    for (const [index, data] of samples.entries()) {
      const expected = [...images[index].pixels].map((level) => colourOf(level, colours));
      expect(Array.from(data, (sample) => apng.palette?.[sample])).toEqual(expected);
    }
  });
});
