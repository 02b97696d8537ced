/** Plain references for the kernels, and numbers to try them on. */

import { Random } from '../../../src/sampler/random.ts';

/** `size` float32 numbers from N(0, 1): the same for the same name. */
export function normals(name: string, size: number): Float32Array {
  const random = Random.fromString(name);
  return Float32Array.from({ length: size }, () => random.normal());
}

/** op(a)·op(b) in double precision: (rows, depth) by (depth, columns), row by row. */
export function product(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  shape: { rows: number; columns: number; depth: number },
  transposeA: boolean,
  transposeB: boolean,
): Float64Array {
  const { rows, columns, depth } = shape;
  const c = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let k = 0; k < depth; k++) {
        const left = transposeA ? a[k * rows + row] : a[row * depth + k];
        const right = transposeB ? b[column * depth + k] : b[k * columns + column];
        sum += left * right;
      }
      c[row * columns + column] = sum;
    }
  }
  return c;
}

/** decay·average + (1 − decay)·value in float32, every operation rounded. */
export function runningAverage(
  average: Float32Array,
  value: Float32Array,
  decay: number,
): Float32Array {
  const { fround } = Math;
  const [kept, added] = [fround(decay), fround(1 - decay)];
  return average.map((old, i) => fround(fround(old * kept) + fround(value[i] * added)));
}

/** The largest difference between two arrays of the same length. */
export function maxDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`Found ${a.length} and ${b.length} numbers.`);
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i] - b[i]);
    // Written so that a NaN counts as the largest.
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}
