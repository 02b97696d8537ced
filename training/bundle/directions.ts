/**
 * The directions in latent space along which a generator's pictures change most: the first
 * eigenvectors of W₁ᵀW₁, W₁ being the part of the first dense layer that takes the latent (Shen and
 * Zhou 2021, "Closed-Form Factorization of Latent Semantics in GANs", https://arxiv.org/abs/2007.06600,
 * equation 4). The page decides what to do with them. Computed only by operations whose results IEEE 754 fixes.
 */

import { strongestOf } from '../quantization/eigen.ts';
import type { DenseLayer, Network } from './network.ts';

/**
 * @param count at most the length of a latent
 * @returns orthogonal unit vectors, the strongest first; in each, the number of the largest magnitude is positive
 */
export function directionsOf({ layers: [first], classes }: Network, count: number): Float32Array[] {
  const size = first.inputs - classes;
  const vectors = strongestOf((vector) => gramTimes(first, vector), size, count);
  return vectors.map((direction) => {
    const sign = farthestFromZero(direction) < 0 ? -1 : 1;
    return Float32Array.from(direction, (x) => sign * x);
  });
}

/** W₁ᵀ(W₁v), in the output's unit squared. */
function gramTimes(
  { inputs, outputs, weights, multipliers }: DenseLayer,
  vector: Float64Array,
): Float64Array {
  const result = new Float64Array(vector.length);
  for (let row = 0; row < outputs; row++) {
    const w = weights.subarray(row * inputs, row * inputs + vector.length);
    let along = 0;
    for (let i = 0; i < w.length; i++) along += w[i] * vector[i];
    along *= multipliers[row] * multipliers[row];
    for (let i = 0; i < w.length; i++) result[i] += along * w[i];
  }
  return result;
}

/** The number farthest from 0; of several, the first. */
function farthestFromZero(numbers: Float64Array): number {
  let largest = 0;
  for (const x of numbers) if (Math.abs(x) > Math.abs(largest)) largest = x;
  return largest;
}
