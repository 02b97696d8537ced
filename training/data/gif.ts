/**
 * Checks the first frame of a GIF before omggif decodes it, which goes round in circles for ever where a code refers to an
 * entry that is not there yet. Not here: decoding.
 */

import { GifReader } from 'omggif';

const MAX_MIN_BITS = 8;
const MAX_BITS = 12;

/** @throws Error for a frame that leaves the picture, or whose codes do not give all of its pixels and no more */
export function requireSoundGif(bytes: Uint8Array): void {
  const gif = new GifReader(bytes);
  const { x, y, width, height, data_offset: offset } = gif.frameInfo(0);
  if (x + width > gif.width || y + height > gif.height) {
    throw new Error(`a frame of ${width} × ${height} pixels leaves the picture`);
  }
  const pixels = countPixels(codesOf(bytes, offset + 1), bytes[offset]);
  if (pixels !== width * height) {
    throw new Error(`found ${pixels} pixels, expected ${width * height}`);
  }
}

/** The bytes of all sub-blocks: https://www.w3.org/Graphics/GIF/spec-gif89a.txt § 15 */
function codesOf(bytes: Uint8Array, start: number): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (let at = start; bytes[at] > 0; at += bytes[at] + 1) {
    blocks.push(bytes.subarray(at + 1, at + 1 + bytes[at]));
  }
  return Buffer.concat(blocks);
}

/** How many pixels these codes give: the same, appendix F. @throws Error for a code that stands for nothing */
function countPixels(codes: Uint8Array, minBits: number): number {
  if (!(minBits >= 1 && minBits <= MAX_MIN_BITS)) throw new Error(`codes of ${minBits} bits`);
  const clear = 1 << minBits;
  const end = clear + 1;
  /** Of what each code stands for, in pixels. */
  const lengths = new Uint32Array(1 << MAX_BITS).fill(1, 0, clear);
  let [next, bits, pixels] = [end + 1, minBits + 1, 0];
  let previous: number | undefined;
  for (let at = 0; at + bits <= codes.length * 8;) {
    const code = bitsAt(codes, at, bits);
    at += bits;
    if (code === end) break;
    if (code === clear) {
      [next, bits, previous] = [end + 1, minBits + 1, undefined];
      continue;
    }
    const isNew = code === next && previous !== undefined;
    if (code >= next && !isNew) throw new Error(`code ${code} stands for nothing`);
    if (previous !== undefined && next < lengths.length) {
      lengths[next] = lengths[previous] + 1;
      next += 1;
      if (next === 1 << bits && bits < MAX_BITS) bits += 1;
    }
    pixels += lengths[code];
    previous = code;
  }
  return pixels;
}

/** The least significant bits come first. */
function bitsAt(bytes: Uint8Array, at: number, count: number): number {
  const first = at >> 3;
  const word = bytes[first] | ((bytes[first + 1] ?? 0) << 8) | ((bytes[first + 2] ?? 0) << 16);
  return (word >> (at & 7)) & ((1 << count) - 1);
}
