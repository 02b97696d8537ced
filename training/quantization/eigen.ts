/**
 * Eigenvalues and eigenvectors of symmetric matrices in double precision, row by row. Computed only by operations
 * whose results IEEE 754 fixes.
 */

/** The rotations stop once no number off the diagonal exceeds this share of the largest one on it. */
const TOLERANCE = 1e-13;
const MAX_ROUNDS = 60;

export interface Eigen {
  /** (size) */
  readonly values: Float64Array;
  /** (size, size): column k belongs to value k. */
  readonly vectors: Float64Array;
}

/**
 * By Jacobi's cyclic method (Golub and Van Loan, Matrix Computations, § 8.5).
 * @param symmetric (size, size)
 */
export function eigenOf(symmetric: Float64Array, size: number): Eigen {
  const matrix = symmetric.slice();
  const vectors = new Float64Array(size * size);
  for (let i = 0; i < size; i++) vectors[i * size + i] = 1;
  for (let round = 0; round < MAX_ROUNDS && !isDiagonal(matrix, size); round++) {
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) rotate(matrix, vectors, size, p, q);
    }
  }
  return { values: Float64Array.from({ length: size }, (_, i) => matrix[i * size + i]), vectors };
}

/** Rotates axes p and q so that the matrix becomes 0 at (p, q). */
function rotate(
  matrix: Float64Array,
  vectors: Float64Array,
  size: number,
  p: number,
  q: number,
): void {
  const off = matrix[p * size + q];
  if (off === 0) return;
  const half = (matrix[q * size + q] - matrix[p * size + p]) / (2 * off);
  const tangent = (half < 0 ? -1 : 1) / (Math.abs(half) + Math.sqrt(half * half + 1));
  const cosine = 1 / Math.sqrt(tangent * tangent + 1);
  const sine = tangent * cosine;
  for (let i = 0; i < size; i++) turn(matrix, i * size + p, i * size + q, cosine, sine);
  for (let i = 0; i < size; i++) turn(matrix, p * size + i, q * size + i, cosine, sine);
  for (let i = 0; i < size; i++) turn(vectors, i * size + p, i * size + q, cosine, sine);
}

function turn(numbers: Float64Array, a: number, b: number, cosine: number, sine: number): void {
  const [x, y] = [numbers[a], numbers[b]];
  numbers[a] = cosine * x - sine * y;
  numbers[b] = sine * x + cosine * y;
}

function isDiagonal(matrix: Float64Array, size: number): boolean {
  let [on, off] = [0, 0];
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const x = Math.abs(matrix[i * size + j]);
      if (i === j) on = Math.max(on, x);
      else off = Math.max(off, x);
    }
  }
  return off <= TOLERANCE * on;
}
