/**
 * PNG encoder for grey pictures of 8 bits, along the specification (https://www.w3.org/TR/png-3/).
 *
 * The same pixels give the same bytes everywhere: checksum and filters are here and deflate is a
 * bundled library, because those of the runtimes differ. Not here: colour, palettes, interlacing.
 */

import { zlibSync } from 'fflate';

import type { Image } from './grid.ts';

/** § 5.2 PNG signature. */
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** `mem` fixes the size of fflate's hash table, which it else derives through Math.log. */
const DEFLATE = { level: 6, mem: 3 } as const;
/** § 9.2 Filter types. */
const FILTER_NONE = 0;
const FILTER_UP = 2;

/** The bytes of a PNG file that shows `image`. */
export function encodePng(image: Image): Uint8Array {
  const chunks = [
    chunk('IHDR', header(image.width, image.height)),
    chunk('IDAT', zlibSync(filter(image), DEFLATE)),
    chunk('IEND', new Uint8Array(0)),
  ];
  return concatenate([Uint8Array.from(SIGNATURE), ...chunks]);
}

/** § 11.2.1 IHDR: size, bit depth 8, colour type 0 (grey), deflate, adaptive filters, not interlaced. */
function header(width: number, height: number): Uint8Array {
  const data = new Uint8Array(13);
  const view = new DataView(data.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  data.set([8, 0, 0, 0, 0], 8);
  return data;
}

/**
 * § 9 Filtering: each row after a byte that names its filter. A row that repeats the one above, as
 * in magnified pictures, becomes zeros (Up); any other stays as it is (None).
 */
function filter({ width, height, pixels }: Image): Uint8Array {
  const filtered = new Uint8Array(height * (width + 1));
  for (let y = 0; y < height; y++) {
    const start = y * width;
    const repeats = y > 0 && rowRepeats(pixels, start, width);
    filtered[y * (width + 1)] = repeats ? FILTER_UP : FILTER_NONE;
    if (!repeats) filtered.set(pixels.subarray(start, start + width), y * (width + 1) + 1);
  }
  return filtered;
}

function rowRepeats(pixels: Uint8Array, start: number, width: number): boolean {
  for (let i = start; i < start + width; i++) if (pixels[i] !== pixels[i - width]) return false;
  return true;
}

/** § 5.3 Chunk layout: length of the data, type, data, CRC of type and data. */
function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(data.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = type.charCodeAt(i);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

/** § 5.5 CRC algorithm: polynomial 0xEDB88320 (reflected), start and end inverted. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = CRC_TABLE[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  return ~crc >>> 0;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
