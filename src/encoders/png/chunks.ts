/** What PNG files are made of: https://www.w3.org/TR/png-3/#5DataRep */

import { crc32 } from './checksums.ts';

/** https://www.w3.org/TR/png-3/#5PNG-file-signature */
const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

export interface Chunk {
  /** Four letters. */
  readonly type: string;
  /** One part after the other. */
  readonly data: readonly Uint8Array[];
}

export function chunk(type: string, ...data: readonly Uint8Array[]): Chunk {
  return { type, data };
}

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
  return data.reduce((size, part) => size + part.length, 12);
}

/**
 * https://www.w3.org/TR/png-3/#5Chunk-layout: length of the data, type, data, CRC of type and data.
 * @returns where the next one goes
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
