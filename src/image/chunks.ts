/** What PNG files are made of: https://www.w3.org/TR/png-3/#5DataRep */

import { concatenate } from './bytes.ts';
import { crc32 } from './checksums.ts';

/** https://www.w3.org/TR/png-3/#5PNG-file-signature */
const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** A whole file: signature, chunks, IEND. */
export function pngFile(chunks: readonly Uint8Array[]): Uint8Array {
  return concatenate([SIGNATURE, ...chunks, chunk('IEND')]);
}

/** https://www.w3.org/TR/png-3/#5Chunk-layout: length of the data, type, data, CRC of type and data. */
export function chunk(type: string, ...data: readonly Uint8Array[]): Uint8Array {
  const bytes = concatenate([new Uint8Array(8), ...data, new Uint8Array(4)]);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, bytes.length - 12);
  for (let i = 0; i < 4; i++) bytes[4 + i] = type.charCodeAt(i);
  view.setUint32(bytes.length - 4, crc32(bytes.subarray(4, -4)));
  return bytes;
}
