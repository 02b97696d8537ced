/**
 * Icons for those who ask for .ico: a PNG file behind a directory of one entry, which every browser since 2007 reads.
 * https://learn.microsoft.com/en-us/previous-versions/ms997538(v=msdn.10), PNG as in Windows Vista. Not here: bitmaps,
 * several sizes.
 */

import { concatenate } from './bytes.ts';
import type { Image } from './pixels.ts';

const DIRECTORY_BYTES = 6;
const ENTRY_BYTES = 16;
const ICON = 1;
const BITS_PER_PIXEL = 32;

/**
 * The bytes of an icon.
 * @param png that is at most 256 pixels wide and high
 */
export function encodeIco(png: Uint8Array, { width, height }: Omit<Image, 'pixels'>): Uint8Array {
  const header = new Uint8Array(DIRECTORY_BYTES + ENTRY_BYTES);
  const view = new DataView(header.buffer);
  view.setUint16(2, ICON, true);
  view.setUint16(4, 1, true);
  // Bytes, so that 256 is 0.
  view.setUint8(6, width);
  view.setUint8(7, height);
  view.setUint16(10, 1, true);
  view.setUint16(12, BITS_PER_PIXEL, true);
  view.setUint32(14, png.length, true);
  view.setUint32(18, header.length, true);
  return concatenate([header, png]);
}
