import { describe, expect, test } from 'vitest';

import {
  choleskyOf,
  choleskyOfInverse,
  momentsOf,
} from '../../../training/quantization/linear-algebra.ts';

const MATRIX = Float64Array.of(4, 2, 0.5, 2, 5, 1, 0.5, 1, 3);

test('moments of a batch are its mean and its covariance', () => {
  const { mean, covariance } = momentsOf(Float32Array.of(1, 10, 3, 10, 5, 40), 2);
  expect([...mean]).toEqual([3, 20]);
  expect([...covariance].map((x) => Math.round(x * 1e9) / 1e9)).toEqual(
    [8 / 3, 20, 20, 200].map((x) => Math.round(x * 1e9) / 1e9),
  );
});

describe('Cholesky', () => {
  test('gives a lower triangle whose square is the matrix', () => {
    const lower = choleskyOf(MATRIX, 3);
    expect([lower[1], lower[2], lower[5]]).toEqual([0, 0, 0]);
    expectClose(times(lower, transposed(lower)), MATRIX);
  });

  test('of the inverse gives an upper triangle whose square is the inverse', () => {
    const upper = choleskyOfInverse(MATRIX, 3);
    expect([upper[3], upper[6], upper[7]]).toEqual([0, 0, 0]);
    const inverse = times(transposed(upper), upper);
    expectClose(times(inverse, MATRIX), Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1));
  });

  test('refuses a matrix that is not positive definite', () => {
    expect(() => choleskyOf(Float64Array.of(1, 2, 2, 1), 2)).toThrow('not positive definite');
  });
});

function times(a: Float64Array, b: Float64Array): Float64Array {
  return Float64Array.from({ length: 9 }, (_, at) => {
    const [row, column] = [Math.floor(at / 3), at % 3];
    return [0, 1, 2].reduce((sum, k) => sum + a[row * 3 + k] * b[k * 3 + column], 0);
  });
}

function transposed(a: Float64Array): Float64Array {
  return a.map((_, at) => a[(at % 3) * 3 + Math.floor(at / 3)]);
}

function expectClose(found: Float64Array, expected: Float64Array): void {
  for (const [at, x] of found.entries()) expect(x).toBeCloseTo(expected[at], 12);
}
