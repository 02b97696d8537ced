/** Symmetric positive definite matrices in double precision, row by row: what rounding to few bits needs of them. */

/** C = E[(x − μ)(x − μ)ᵀ] of a batch, and μ. */
export interface Moments {
  /** (size) */
  readonly mean: Float64Array;
  /** (size, size) */
  readonly covariance: Float64Array;
}

/** @param batch (count, size) */
export function momentsOf(batch: Float32Array, size: number): Moments {
  const count = batch.length / size;
  const mean = new Float64Array(size);
  for (let i = 0; i < batch.length; i++) mean[i % size] += batch[i] / count;
  const covariance = new Float64Array(size * size);
  const centred = new Float64Array(size);
  for (let start = 0; start < batch.length; start += size) {
    for (let i = 0; i < size; i++) centred[i] = batch[start + i] - mean[i];
    for (let i = 0; i < size; i++) {
      const x = centred[i];
      if (x === 0) continue;
      for (let j = 0, at = i * size; j <= i; j++) covariance[at + j] += x * centred[j];
    }
  }
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      covariance[i * size + j] /= count;
      covariance[j * size + i] = covariance[i * size + j];
    }
  }
  return { mean, covariance };
}

/**
 * The upper triangular U with UᵀU = A⁻¹ (Golub and Van Loan, Matrix Computations, § 4.2).
 * @param matrix A, (size, size), symmetric positive definite
 */
export function choleskyOfInverse(matrix: Float64Array, size: number): Float64Array {
  // With rows and columns in reverse, A = L·Lᵀ; then A⁻¹ = L⁻ᵀ·L⁻¹, and in the first order again L⁻¹ is U.
  const reversed = new Float64Array(size * size);
  for (let i = 0; i < reversed.length; i++) reversed[i] = matrix[reversed.length - 1 - i];
  const inverse = invertedLower(choleskyOf(reversed, size), size);
  return inverse.toReversed();
}

/** The lower triangular L with L·Lᵀ = A. @throws RangeError where A is not positive definite */
export function choleskyOf(matrix: Float64Array, size: number): Float64Array {
  const lower = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * size + j];
      for (let k = 0; k < j; k++) sum -= lower[i * size + k] * lower[j * size + k];
      if (i !== j) lower[i * size + j] = sum / lower[j * size + j];
      else if (sum > 0) lower[i * size + i] = Math.sqrt(sum);
      else throw new RangeError(`The matrix of size ${size} is not positive definite.`);
    }
  }
  return lower;
}

/** L⁻¹ of a lower triangular L. */
function invertedLower(lower: Float64Array, size: number): Float64Array {
  const inverse = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    const row = inverse.subarray(i * size, (i + 1) * size);
    for (let k = 0; k < i; k++) {
      const factor = lower[i * size + k];
      if (factor === 0) continue;
      for (let j = 0; j <= k; j++) row[j] -= factor * inverse[k * size + j];
    }
    row[i] = 1;
    const diagonal = lower[i * size + i];
    for (let j = 0; j <= i; j++) row[j] /= diagonal;
  }
  return inverse;
}
