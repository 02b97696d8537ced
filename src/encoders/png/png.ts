/**
 * PNG encoder for grey pictures drawn in two colours. Sections are those of https://www.w3.org/TR/png-3/.
 *
 * The same picture gives the same bytes everywhere: deflate is our own, since runtimes differ in theirs.
 * Not here: depths other than 8 bits, interlacing, filters for photographs.
 */

import type { PictureOptions } from '../colours.ts';
import type { Image } from '../pixels.ts';
import { samplesOf, type Samples } from './samples.ts';
import { scanlines } from './scanlines.ts';
import { zlibStream } from './zlib.ts';

/** The bytes of a PNG file that shows `image`. */
export function encodePng(image: Image, options: PictureOptions = {}): Uint8Array {
  const { scale = 1 } = options;
  const samples = samplesOf([image], options);
  return pngFile([
    ...headerChunks(image, scale, samples),
    chunk('IDAT', zlibStream(scanlines(image, samples.ofLevel, scale))),
  ]);
}

/** § 11.2.1 IHDR: size, bit depth 8, colour type, deflate, adaptive filters, not interlaced. § 11.2.2 PLTE. § 11.3.1.1 tRNS. */
export function headerChunks(
  { width, height }: Image,
  scale: number,
  { colourType, palette, alpha }: Samples,
): Chunk[] {
  const data = new Uint8Array(13);
  const view = new DataView(data.buffer);
  view.setUint32(0, width * scale);
  view.setUint32(4, height * scale);
  data.set([8, colourType, 0, 0, 0], 8);
  const header = chunk('IHDR', data);
  return [
    header,
    ...(palette ? [chunk('PLTE', palette)] : []),
    ...(alpha ? [chunk('tRNS', alpha)] : []),
  ];
}

export interface Chunk {
  /** Four letters. */
  readonly type: string;
  /** Its data, in parts that follow each other. */
  readonly data: readonly Uint8Array[];
}

export function chunk(type: string, ...data: readonly Uint8Array[]): Chunk {
  return { type, data };
}

/** § 5.2 */
const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
/** § 5.3: length, type and CRC. */
const CHUNK_OVERHEAD_BYTES = 12;

/** A whole file: signature, chunks, IEND. */
export function pngFile(chunks: readonly Chunk[]): Uint8Array {
  const all = [...chunks, chunk('IEND')];
  const file = new Uint8Array(all.reduce((size, each) => size + sizeOf(each), SIGNATURE.length));
  file.set(SIGNATURE);
  let at = SIGNATURE.length;
  for (const each of all) at = write(each, file, at);
  return file;
}

function sizeOf({ data }: Chunk): number {
  return data.reduce((size, part) => size + part.length, CHUNK_OVERHEAD_BYTES);
}

/**
 * § 5.3: the data's length, the type, the data, and a CRC of type and data.
 * @returns where the next chunk begins
 */
function write({ type, data }: Chunk, file: Uint8Array, start: number): number {
  let at = start + 4;
  for (let i = 0; i < 4; i++) file[at++] = type.charCodeAt(i);
  for (const part of data) {
    file.set(part, at);
    at += part.length;
  }
  const view = new DataView(file.buffer, file.byteOffset);
  view.setUint32(start, at - start - 8);
  view.setUint32(at, crc32(file.subarray(start + 4, at)));
  return at + 4;
}

/** § 5.5 and annex D: CRC-32, a byte at a time, with the polynomial 0xEDB88320 (bits reversed). */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) crc = CRC_TABLE[(crc ^ bytes[i]) & 0xff] ^ (crc >>> 8);
  return ~crc >>> 0;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});
