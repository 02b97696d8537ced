/** How many images a classifier gets right. */

import { DIGIT_PIXELS } from '../../src/digit.ts';
import type { Dataset } from '../data/dataset.ts';

/** The share of a data set's images for whose label `classify` returns the largest logit. */
export function accuracyOf(
  { images, labels, count }: Dataset,
  classify: (pixels: Uint8Array) => Float32Array,
): number {
  let right = 0;
  for (const [index, label] of labels.entries()) {
    const logits = classify(images.subarray(index * DIGIT_PIXELS, (index + 1) * DIGIT_PIXELS));
    if (logits.indexOf(Math.max(...logits)) === label) right++;
  }
  return right / count;
}
