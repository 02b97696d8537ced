/** How many images a classifier gets right. */

import { DIGIT_PIXELS } from '../../src/digit.ts';
import { type Engine, inPairs } from '../../src/sampler/engine.ts';
import type { Dataset } from '../data/dataset.ts';

/** The share of a data set's images for whose label `classify` returns the largest logit. */
export function accuracyOf(
  { images, labels, count }: Dataset,
  classify: Engine['classify'],
): number {
  let right = 0;
  const pictures = Array.from({ length: count }, (_, i) =>
    images.subarray(i * DIGIT_PIXELS, (i + 1) * DIGIT_PIXELS),
  );
  let index = 0;
  for (const logits of inPairs(pictures, classify)) {
    if (logits.indexOf(Math.max(...logits)) === labels[index++]) right++;
  }
  return right / count;
}
