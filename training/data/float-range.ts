/** Arrays of numbers → grey levels 0…255. Whole numbers are levels; floats are taken by the range that they fill. */

import type { NpyArray } from '../../src/encoders/npy.ts';
import { DatasetError } from './dataset.ts';

const MAX_LEVEL = 255;

/** Ranges that floats come in, the narrowest first, and what is said of them. */
const RANGES = [
  { min: 0, max: 1 },
  { min: -1, max: 1 },
  { min: 0, max: MAX_LEVEL },
] as const;

/**
 * @param name of the array, for messages
 * @param say is told the range in which floats were found
 * @throws DatasetError for numbers that are no grey levels
 */
export function greyLevelsOf(
  name: string,
  { type, data }: NpyArray,
  say: (line: string) => void,
): Uint8Array {
  if (data instanceof Uint8Array) return type === '|b1' ? data.map((x) => x * MAX_LEVEL) : data;
  let [min, max] = [Infinity, -Infinity];
  for (const x of data) {
    const level = Number(x);
    if (!Number.isFinite(level)) {
      throw new DatasetError(`${name}: found ${level}, expected finite numbers.`);
    }
    min = Math.min(min, level);
    max = Math.max(max, level);
  }
  const isFloat = data instanceof Float32Array || data instanceof Float64Array;
  const range = RANGES.find(
    (bounds) => min >= bounds.min && max <= bounds.max && (isFloat || bounds.max === MAX_LEVEL),
  );
  if (range === undefined) {
    const expected = isFloat ? '0 … 1, −1 … 1 or 0 … 255' : '0 … 255';
    throw new DatasetError(`${name}: found numbers from ${min} to ${max}, expected ${expected}.`);
  }
  if (isFloat) {
    say(`${name}: found floats from ${min} to ${max}, read as ${range.min} … ${range.max}.`);
  }
  const scale = MAX_LEVEL / (range.max - range.min);
  return Uint8Array.from(data as ArrayLike<number | bigint>, (x) =>
    Math.round((Number(x) - range.min) * scale),
  );
}
