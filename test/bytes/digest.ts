/** Many seeds' digits as one hash: equal hashes on two engines are equal digits. Runs in Node and in a browser. */

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

import { CONFIDENCE_DECIMALS } from '../../src/digit.ts';
import { seedInSeries } from '../../src/sampler/seed.ts';
import { createModel } from '../../src/weights/model.ts';

/** What is compared of a digit; its confidence is the number that answers show. */
export interface ComparedDigit {
  readonly pixels: ArrayLike<number>;
  readonly label: number | undefined;
  readonly confidence: number | undefined;
}

/** 64 hex digits for all digits, in their order. */
export function digestOf(digits: Iterable<ComparedDigit>): string {
  const hash = sha256.create();
  for (const { pixels, label, confidence = 0 } of digits) {
    hash.update(Uint8Array.from(pixels));
    hash.update(utf8ToBytes(`${label} ${confidence.toFixed(CONFIDENCE_DECIMALS)}`));
  }
  return bytesToHex(hash.digest());
}

/** What this engine draws for the first `count` seeds of a series. */
export async function digestHere(
  kernel: Uint8Array<ArrayBuffer>,
  model: Uint8Array,
  series: string,
  count: number,
): Promise<string> {
  const { sampler } = createModel(await WebAssembly.compile(kernel), model);
  const seeds = Array.from({ length: count }, (_, index) => seedInSeries(series, index));
  return digestOf(sampler.digits(seeds));
}
