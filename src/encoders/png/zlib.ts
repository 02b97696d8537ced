/** zlib streams (https://www.rfc-editor.org/rfc/rfc1950): two bytes, deflated data, and its checksum, Adler-32. */

import { BitWriter } from '../bytes.ts';
import { deflate } from './deflate.ts';
import type { Stretch } from './tokens.ts';

/** The stream of stretches that follow each other, at least one. */
export function zlibStream(stretches: readonly Stretch[]): Uint8Array {
  const writer = new BitWriter();
  // § 2.2: deflate with a window of 32 KiB, by the fastest algorithm.
  writer.put(0x78, 8);
  writer.put(0x01, 8);
  const checksum = adler32(stretches);
  deflate(stretches, writer);
  writer.fillByte();
  for (const shift of [24, 16, 8, 0]) writer.put((checksum >>> shift) & 0xff, 8);
  return writer.finish();
}

/** The largest prime below 2¹⁶: https://www.rfc-editor.org/rfc/rfc1950#section-8.2 */
const MODULUS = 65521;
/** After this many bytes both sums are still below 2³², whatever the bytes are. */
const MAX_BYTES_UNREDUCED = 5552;

/** https://www.rfc-editor.org/rfc/rfc1950#section-8.2: repeats are summed all at once. */
function adler32(stretches: readonly Stretch[]): number {
  // 1 + Σ bytes, and the sum of what that is after each byte.
  let total = 1;
  let totals = 0;
  for (const { bytes, times } of stretches) {
    const { sum, sums } = sumsOf(bytes);
    const length = bytes.length % MODULUS;
    const repeats = times % MODULUS;
    // Each time adds to `totals` what all times before it have added to `total`, once for each byte.
    const earlier = ((((times * (times - 1)) / 2) % MODULUS) * sum) % MODULUS;
    const allBytes = (length * repeats) % MODULUS;
    totals = (totals + allBytes * total + repeats * sums + length * earlier) % MODULUS;
    total = (total + repeats * sum) % MODULUS;
  }
  return ((totals << 16) | total) >>> 0;
}

/** Both sums of these bytes alone, from 0. */
function sumsOf(bytes: Uint8Array): { readonly sum: number; readonly sums: number } {
  let sum = 0;
  let sums = 0;
  for (let start = 0; start < bytes.length; start += MAX_BYTES_UNREDUCED) {
    const end = Math.min(start + MAX_BYTES_UNREDUCED, bytes.length);
    for (let i = start; i < end; i++) {
      sum += bytes[i];
      sums += sum;
    }
    sum %= MODULUS;
    sums %= MODULUS;
  }
  return { sum, sums };
}
