/** Images of a data set → batches of floats. Which images is up to the caller: nothing random happens here. */

import type { Dataset, LabelledDataset } from './dataset.ts';
import { SCALED } from './grey-levels.ts';

/** The images of these indices, scaled to −1…1: (indices.length, pixels). */
export function batchOf({ images, width, height }: Dataset, indices: Uint32Array): Float32Array {
  const imageSize = width * height;
  const batch = new Float32Array(indices.length * imageSize);
  let to = 0;
  for (const index of indices) {
    const end = (index + 1) * imageSize;
    for (let from = index * imageSize; from < end; from++) batch[to++] = SCALED[images[from]];
  }
  return batch;
}

/** The labels of these indices. */
export function labelsOf({ labels }: LabelledDataset, indices: Uint32Array): Uint8Array {
  return Uint8Array.from(indices, (index) => labels[index]);
}
