/** Moving a digit along directions in latent space. Which directions there are is decided when the Worker is built. */

import { nearestLatent } from './seed.ts';

/**
 * A generator's input, moved along each direction by its amount.
 *
 * @param input a latent, with its class behind it if the generator is conditional; the class stays
 * @param directions each as long as the latent, in its units
 * @param amounts of each direction, as multiples of it
 */
export function steer(
  input: Int16Array,
  directions: readonly (readonly number[])[],
  amounts: readonly number[],
): Int16Array {
  return Int16Array.from(input, (units, i) => {
    let sum = units;
    // Directions end where the class begins.
    for (const [k, amount] of amounts.entries()) sum += amount * (directions[k][i] ?? 0);
    return nearestLatent(sum);
  });
}
