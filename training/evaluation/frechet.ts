/**
 * The Fréchet distance between two sets of features, taken for Gaussians (Heusel et al. 2017, arXiv:1706.08500,
 * equation 6): ‖μ₁ − μ₂‖² + tr(Σ₁ + Σ₂ − 2(Σ₁Σ₂)^½). What the features are is up to the caller.
 */

import { eigenOf } from '../quantization/eigen.ts';
import type { Moments } from '../quantization/linear-algebra.ts';

/** 0 for equal means and covariances; in double precision throughout. */
export function frechetDistance(a: Moments, b: Moments): number {
  const size = a.mean.length;
  const root = squareRootOf(a.covariance, size);
  // Σ₁Σ₂ has the eigenvalues of Σ₁^½ Σ₂ Σ₁^½, which is symmetric.
  const { values } = eigenOf(product(product(root, b.covariance, size), root, size), size);
  let distance = traceOf(a.covariance, size) + traceOf(b.covariance, size);
  for (let i = 0; i < size; i++) {
    distance += (a.mean[i] - b.mean[i]) ** 2 - 2 * Math.sqrt(Math.max(0, values[i]));
  }
  return Math.max(0, distance);
}

/** The symmetric S with S·S = A, for an A that is positive semidefinite but for rounding. */
function squareRootOf(matrix: Float64Array, size: number): Float64Array {
  const { values, vectors } = eigenOf(matrix, size);
  const scaled = new Float64Array(size * size);
  const transposed = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < size; k++) {
      scaled[i * size + k] = vectors[i * size + k] * Math.sqrt(Math.max(0, values[k]));
      transposed[k * size + i] = vectors[i * size + k];
    }
  }
  return product(scaled, transposed, size);
}

/** Both matrices and their product are (size, size). */
function product(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const result = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < size; k++) {
      const x = a[i * size + k];
      for (let j = 0; j < size; j++) result[i * size + j] += x * b[k * size + j];
    }
  }
  return result;
}

function traceOf(matrix: Float64Array, size: number): number {
  let sum = 0;
  for (let i = 0; i < size; i++) sum += matrix[i * (size + 1)];
  return sum;
}
