/**
 * Grey levels → what PNG compresses: rows of samples, each after a byte that names its filter
 * (https://www.w3.org/TR/png-3/#9Filters), magnified on the way.
 *
 * Not here: filters that predict what is not magnified. None makes 353 bytes of a digit, Sub 429,
 * Up 433, Paeth 441, the best for each row 367.
 */

import type { Image } from '../pixels.ts';
import type { Stretch } from './tokens.ts';

/** https://www.w3.org/TR/png-3/#9Filter-types */
const FILTER_NONE = 0;
const FILTER_SUB = 1;
const FILTER_UP = 2;
/**
 * From so many bytes a row on, repeats are said by Up, hence zeros, else by copies of the row. Files of
 * a digit, by copies and by Up: 644 and 671 bytes at scale 4, 810 and 839 at 8, 1133 and 1086 at 12,
 * 4174 and 2343 at 32.
 */
const WIDE = 300;

/**
 * Rows of an image with `scale` × `scale` pixels for each of its own.
 *
 * @param samples by grey level, 256 bytes
 * @param scale a whole number, at least 1
 */
export function scanlines(
  { width, height, pixels }: Image,
  samples: Uint8Array,
  scale: number,
): Stretch[] {
  const bytesPerRow = 1 + width * scale;
  const rows = new Uint8Array(bytesPerRow * height);
  const fill = scale === 2 || scale === 3 ? fillDifferences : fillSamples;
  fill(rows, pixels, width, samples, scale);
  if (scale === 1) return [{ bytes: rows, times: 1 }];

  const stretches: Stretch[] = [];
  const sameAsAbove = new Uint8Array(bytesPerRow);
  sameAsAbove[0] = FILTER_UP;
  for (let y = 0, end = 0; y < height; y = end) {
    for (end = y + 1; end < height && repeatsRow(pixels, end, width);) end++;
    const bytes = rows.subarray(y * bytesPerRow, (y + 1) * bytesPerRow);
    const times = (end - y) * scale;
    if (bytesPerRow < WIDE || isAllNone(bytes)) {
      stretches.push({ bytes, times });
    } else {
      stretches.push({ bytes, times: 1 }, { bytes: sameAsAbove, times: times - 1 });
    }
  }
  return stretches;
}

/** Each row after FILTER_NONE. */
function fillSamples(
  rows: Uint8Array,
  pixels: Uint8Array,
  width: number,
  samples: Uint8Array,
  scale: number,
): void {
  for (let shift = 0; shift < scale; shift++) {
    for (let start = 0, at = 1 + shift; start < pixels.length; start += width, at++) {
      for (let x = start; x < start + width; x++, at += scale) rows[at] = samples[pixels[x]];
    }
  }
}

/**
 * Each row after FILTER_SUB, or after FILTER_NONE where it is zeros. For pixels of 2 and 3, whose repeats
 * are too short for matches: a file of a digit takes 594 bytes at scale 2, not 665, but at scale 4 733, not 644.
 */
function fillDifferences(
  rows: Uint8Array,
  pixels: Uint8Array,
  width: number,
  samples: Uint8Array,
  scale: number,
): void {
  for (let start = 0, at = 0; start < pixels.length; start += width) {
    const filter = at++;
    let before = 0;
    for (let x = start; x < start + width; x++, at += scale) {
      const sample = samples[pixels[x]];
      rows[at] = sample - before;
      before = sample;
      if (sample !== 0) rows[filter] = FILTER_SUB;
    }
  }
}

/** Whether row y is the row before it. */
function repeatsRow(pixels: Uint8Array, y: number, width: number): boolean {
  for (let i = y * width; i < (y + 1) * width; i++) {
    if (pixels[i] !== pixels[i - width]) return false;
  }
  return true;
}

/** Whether filter and samples are one run, that a repeat only makes longer. */
function isAllNone(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) if (bytes[i] !== FILTER_NONE) return false;
  return true;
}
