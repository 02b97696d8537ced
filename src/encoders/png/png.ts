/**
 * PNG encoder for grey pictures drawn in two colours: https://www.w3.org/TR/png-3/
 *
 * The same picture gives the same bytes everywhere, because deflate is here; those of the runtimes
 * differ. Not here: depths other than 8 bits, transparency, interlacing, any filter that would pay
 * for photographs.
 */

import type { PictureOptions } from '../colours.ts';
import type { Image } from '../pixels.ts';
import { chunk, pngFile, type Chunk } from './chunks.ts';
import { deflate } from './deflate.ts';
import { samplesOf, type Samples } from './samples.ts';
import { scanlines } from './scanlines.ts';

/** The bytes of a PNG file that shows `image`. */
export function encodePng(image: Image, { scale = 1, colours }: PictureOptions = {}): Uint8Array {
  const samples = samplesOf([image], colours);
  return pngFile([
    ...headerChunks(image, scale, samples),
    chunk('IDAT', deflate(scanlines(image, samples.ofLevel, scale))),
  ]);
}

/** § 11.2.1 IHDR: size, bit depth 8, colour type, deflate, adaptive filters, not interlaced. § 11.2.2 PLTE. */
export function headerChunks(
  { width, height }: Image,
  scale: number,
  { colourType, palette }: Samples,
): Chunk[] {
  const data = new Uint8Array(13);
  const view = new DataView(data.buffer);
  view.setUint32(0, width * scale);
  view.setUint32(4, height * scale);
  data.set([8, colourType, 0, 0, 0], 8);
  const header = chunk('IHDR', data);
  return palette ? [header, chunk('PLTE', palette)] : [header];
}
