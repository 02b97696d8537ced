/** Draws from lists. */

import type { Random } from '../../../src/sampler/random.ts';

/** One of them, each as likely. */
export function pick<Item>(random: Random, items: readonly Item[]): Item {
  return items[random.below(items.length)];
}

/** From 0 to `max` of what `draw` gives. */
export function some<Item>(random: Random, max: number, draw: () => Item): Item[] {
  return Array.from({ length: random.below(max + 1) }, draw);
}
