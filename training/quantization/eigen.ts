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

/** So many steps find the few strongest eigenvectors, and bound the work that a matrix of any size takes. */
const MAX_STEPS = 128;
/** A vector that shrinks below this share of itself depends on those before it but for rounding. */
const DEPENDENT = 1e-10;

/**
 * The strongest eigenvectors of a symmetric matrix that is only known by its products: exact up to a size of 128, else
 * to several digits. Lanczos's method with full reorthogonalization (Golub and Van Loan, Matrix Computations, § 10.3).
 * @param multiply the matrix times a vector; (size) → (size)
 * @returns `count` unit vectors, at most 128, the strongest first
 */
export function strongestOf(
  multiply: (vector: Float64Array) => Float64Array,
  size: number,
  count: number,
): Float64Array[] {
  const steps = Math.min(size, MAX_STEPS);
  const basis: Float64Array[] = [new Float64Array(size).fill(1 / Math.sqrt(size))];
  const tridiagonal = new Float64Array(steps * steps);
  for (let step = 0; step < steps; step++) {
    const image = multiply(basis[step]);
    tridiagonal[step * steps + step] = dot(image, basis[step]);
    if (step + 1 === steps) break;
    const next = unit(image, basis);
    // Where the vectors so far span all that the matrix makes of them, it goes on with another one.
    basis.push(next ?? unitBeside(basis, size));
    const coupling = next ? dot(image, next) : 0;
    tridiagonal[step * steps + step + 1] = coupling;
    tridiagonal[(step + 1) * steps + step] = coupling;
  }
  const { values, vectors } = eigenOf(tridiagonal, steps);
  return descending(values)
    .slice(0, count)
    .map((column) => {
      const sum = new Float64Array(size);
      for (const [step, vector] of basis.entries()) {
        subtract(sum, vector, -vectors[step * steps + column]);
      }
      return sum;
    });
}

/** The part of a vector that is orthogonal to these unit vectors, of length 1; undefined if there is none. */
function unit(vector: Float64Array, basis: readonly Float64Array[]): Float64Array | undefined {
  const rest = vector.slice();
  // Once more, against the rounding of the first time.
  for (let pass = 0; pass < 2; pass++) {
    for (const axis of basis) subtract(rest, axis, dot(rest, axis));
  }
  const length = Math.sqrt(dot(rest, rest));
  if (!(length > DEPENDENT * Math.sqrt(dot(vector, vector)))) return undefined;
  return rest.map((x) => x / length);
}

/** A unit vector that is orthogonal to these, of which there are fewer than the space has dimensions. */
function unitBeside(basis: readonly Float64Array[], size: number): Float64Array {
  // Of the axes, the one that the others have least of.
  const shares = new Float64Array(size);
  for (const vector of basis) for (let i = 0; i < size; i++) shares[i] += vector[i] * vector[i];
  const axis = shares.indexOf(shares.reduce((least, share) => Math.min(least, share)));
  const found = unit(new Float64Array(size).fill(1, axis, axis + 1), basis);
  if (!found) throw new RangeError(`There is nothing beside ${basis.length} of ${size} axes.`);
  return found;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** a − factor · b, in place. */
function subtract(a: Float64Array, b: Float64Array, factor: number): void {
  for (let i = 0; i < a.length; i++) a[i] -= factor * b[i];
}

/** The places of the largest values first; of equal ones, the first. */
export function descending(values: Float64Array): number[] {
  return Array.from(values.keys()).toSorted((a, b) => values[b] - values[a] || a - b);
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
