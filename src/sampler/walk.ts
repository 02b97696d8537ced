/** A walk through latent space from one digit to another. */

import { nearestLatent } from './seed.ts';

/**
 * Inputs of a generator on the way between two, both ends included: a line whose points are scaled to
 * lengths between those of the ends. On the line itself they would be shorter, and latents of a
 * normal distribution in many dimensions are all about equally long; the arc proper (Shoemake 1985)
 * needs functions that differ between engines. Classes are mixed as they are.
 *
 * @param latentSize how many of the numbers are the latent; what follows is the class
 * @param count at least 2
 */
export function walk(
  from: Int16Array,
  to: Int16Array,
  latentSize: number,
  count: number,
): Int16Array[] {
  const [fromLength, toLength] = [lengthOf(from, latentSize), lengthOf(to, latentSize)];
  return Array.from({ length: count }, (_, step) => {
    const share = step / (count - 1);
    const point = Float64Array.from(from, (start, i) => start + (to[i] - start) * share);
    const length = lengthOf(point, latentSize);
    const wanted = fromLength + (toLength - fromLength) * share;
    // Opposite latents meet at 0, which has no direction to go in.
    const stretch = length > 0 ? wanted / length : 1;
    return Int16Array.from(point, (x, i) => nearestLatent(i < latentSize ? x * stretch : x));
  });
}

/** The Euclidean norm of the first `size` numbers. */
function lengthOf(numbers: Int16Array | Float64Array, size: number): number {
  let squares = 0;
  for (let i = 0; i < size; i++) squares += numbers[i] * numbers[i];
  return Math.sqrt(squares);
}
