/**
 * The directions in latent space along which a generator's pictures change most: the first
 * eigenvectors of W₁ᵀW₁, W₁ being the part of the first dense layer that takes the latent (Shen and
 * Zhou 2021, "Closed-Form Factorization of Latent Semantics in GANs", https://arxiv.org/abs/2007.06600,
 * equation 4). The page decides what to do with them. Computed only by operations whose results IEEE 754 fixes.
 */

import { eigenOf } from '../quantization/eigen.ts';
import type { DenseLayer, Network } from './network.ts';

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

/** The number farthest from 0; of several, the first. */
function farthestFromZero(numbers: Float64Array): number {
  let largest = 0;
  for (const x of numbers) if (Math.abs(x) > Math.abs(largest)) largest = x;
  return largest;
}
