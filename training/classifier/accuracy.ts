/** How many images a classifier gets right. */

import { type Engine, inPairs } from '../../src/sampler/engine.ts';
import type { LabelledDataset } from '../data/dataset.ts';

/** The share of a data set's images for whose label `classify` returns the largest logit. */
export function accuracyOf(
  { images, labels, count, width, height }: LabelledDataset,
  classify: Engine['classify'],
): number {
  const imageSize = width * height;
  let right = 0;
  const pictures = Array.from({ length: count }, (_, i) =>
    images.subarray(i * imageSize, (i + 1) * imageSize),
  );
  let index = 0;
  for (const logits of inPairs(pictures, classify)) {
    if (logits.indexOf(Math.max(...logits)) === labels[index++]) right++;
  }
  return right / count;
}
