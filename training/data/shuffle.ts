/** Images in random order. */

import type { Random } from '../../src/sampler/random.ts';

/** Fisher and Yates's shuffle, in place. */
export function shuffle(order: Uint32Array, random: Random): void {
  for (let i = order.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
}
