/**
 * APNG encoder for grey frames drawn in two colours and played over and over; viewers that do not know
 * APNG show the first frame. Sections are those of https://www.w3.org/TR/png-3/.
 *
 * Each frame replaces the rectangle in which it differs from the frame before. Not here: frames
 * that build on any but the frame before.
 */

import type { PictureOptions } from '../colours.ts';
import { changedArea, crop, type Frame, type Rectangle } from '../pixels.ts';
import { chunk, headerChunks, pngFile, type Chunk } from './png.ts';
import { samplesOf } from './samples.ts';
import { scanlines } from './scanlines.ts';
import { zlibStream } from './zlib.ts';

/** § 11.3.6.2 fcTL: a delay is a fraction of a second, here in milliseconds. */
const DELAY_DENOMINATOR = 1000;
/** § 11.3.6.1 acTL: how often to play. */
const FOR_EVER = 0;

/**
 * The bytes of an APNG file.
 *
 * @param frames at least one, all of one size
 */
export function encodeApng(frames: readonly Frame[], options: PictureOptions = {}): Uint8Array {
  const { scale = 1 } = options;
  const images = frames.map(({ image }) => image);
  const samples = samplesOf(images, options);
  const first = frames[0].image;
  const chunks = [
    ...headerChunks(first, scale, samples),
    chunk('acTL', uint32s(frames.length, FOR_EVER)),
  ];
  let sequence = 0;
  for (const [index, { image, delayMs }] of frames.entries()) {
    const area = changedArea(frames[index - 1]?.image, image);
    chunks.push(frameControl(sequence++, area, scale, delayMs));
    const data = zlibStream(scanlines(crop(image, area), samples.ofLevel, scale));
    // § 11.3.6.3 fdAT: an IDAT behind a sequence number.
    chunks.push(index === 0 ? chunk('IDAT', data) : chunk('fdAT', uint32s(sequence++), data));
  }
  return pngFile(chunks);
}

/** § 11.3.6.2 fcTL: where and for how long a frame is shown. */
function frameControl(
  sequence: number,
  { left, top, width, height }: Rectangle,
  scale: number,
  delayMs: number,
): Chunk {
  const delay = new Uint8Array(6);
  const view = new DataView(delay.buffer);
  view.setUint16(0, Math.round(delayMs));
  view.setUint16(2, DELAY_DENOMINATOR);
  // The last two bytes, 0, are APNG_DISPOSE_OP_NONE (the frame stays) and APNG_BLEND_OP_SOURCE (it replaces).
  const numbers = [sequence, width * scale, height * scale, left * scale, top * scale];
  return chunk('fcTL', uint32s(...numbers), delay);
}

function uint32s(...numbers: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(numbers.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [index, number] of numbers.entries()) view.setUint32(index * 4, number);
  return bytes;
}
