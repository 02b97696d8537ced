/**
 * The directions in latent space along which a generator's pictures change most: the first
 * eigenvectors of W₁ᵀW₁, W₁ being the part of the first dense layer that takes the latent (Shen and
 * Zhou 2021, "Closed-Form Factorization of Latent Semantics in GANs", https://arxiv.org/abs/2007.06600,
 * equation 4). The page decides what to do with them. Computed only by operations whose results IEEE 754 fixes.
 */

import type { DenseLayer, Network } from './network.ts';

/** The rotations stop once no number off the diagonal exceeds this share of the largest one on it. */
const TOLERANCE = 1e-13;
const MAX_ROUNDS = 60;

/**
 * @param count at most the length of a latent
 * @returns orthogonal unit vectors, the strongest first; in each, the number of the largest magnitude is positive
 */
export function directionsOf({ layers: [first], classes }: Network, count: number): Float32Array[] {
  const size = first.inputs - classes;
  const { values, vectors } = eigenOf(gramOf(first, size), size);
  const order = Array.from(values.keys()).toSorted((a, b) => values[b] - values[a] || a - b);
  return order.slice(0, count).map((column) => {
    const direction = Float64Array.from({ length: size }, (_, i) => vectors[i * size + column]);
    const sign = farthestFromZero(direction) < 0 ? -1 : 1;
    return Float32Array.from(direction, (x) => sign * x);
  });
}

/** W₁ᵀW₁ of the first `size` inputs, in the output's unit squared; (size, size). */
function gramOf({ inputs, outputs, weights, multipliers }: DenseLayer, size: number): Float64Array {
  const gram = new Float64Array(size * size);
  for (let row = 0; row < outputs; row++) {
    const w = weights.subarray(row * inputs, row * inputs + size);
    const square = multipliers[row] * multipliers[row];
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) gram[i * size + j] += square * (w[i] * w[j]);
    }
  }
  return gram;
}

interface Eigen {
  /** (size) */
  readonly values: Float64Array;
  /** (size, size): column k belongs to value k. */
  readonly vectors: Float64Array;
}

/**
 * Eigenvalues and eigenvectors of a symmetric matrix (size, size), which is overwritten, by Jacobi's cyclic
 * method (Golub and Van Loan, Matrix Computations, § 8.5).
 */
function eigenOf(matrix: Float64Array, size: number): Eigen {
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

/** The number farthest from 0; of several, the first. */
function farthestFromZero(numbers: Float64Array): number {
  let largest = 0;
  for (const x of numbers) if (Math.abs(x) > Math.abs(largest)) largest = x;
  return largest;
}
