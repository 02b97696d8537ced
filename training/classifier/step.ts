/** The classifier's step: one update. It draws each image's shift from its Random, right before down. */

import * as tf from '@tensorflow/tfjs';

import type { Random } from '../../src/sampler/random.ts';
import { call, oneHot, variablesOf } from '../backend/index.ts';
import { Failure } from '../cli/failure.ts';
import { labelsOf } from '../data/batches.ts';
import type { Dataset, LabelledDataset } from '../data/dataset.ts';
import { INPUT_OF_GREY } from './pixels.ts';
import { MAX_SHIFT } from './recipe.ts';

/**
 * One update on the images of these indices; returns the mean cross-entropy before it.
 * @throws Failure if that is no longer a finite number
 */
export function step(
  model: tf.Sequential,
  optimizer: tf.Optimizer,
  dataset: LabelledDataset,
  indices: Uint32Array,
  random: Random,
): number {
  const loss = tf.tidy(() => {
    const images = shiftedImages(dataset, indices, random);
    const labels = oneHot(labelsOf(dataset, indices), dataset.classes.length);
    const crossEntropy = (): tf.Scalar =>
      tf.losses.softmaxCrossEntropy(labels, call(model, images, { training: true, random }));
    return optimizer.minimize(crossEntropy, true, variablesOf(model))?.dataSync()[0];
  });
  if (loss === undefined || !Number.isFinite(loss)) {
    throw new Failure(`The classifier's loss became ${loss}.`);
  }
  return loss;
}

/** (indices.length, pixels) in 0…1, each image moved a little; what it leaves behind is paper. */
function shiftedImages(
  { images, width, height }: Dataset,
  indices: Uint32Array,
  random: Random,
): tf.Tensor2D {
  const imageSize = width * height;
  const batch = new Float32Array(indices.length * imageSize);
  for (const [i, index] of indices.entries()) {
    const image = images.subarray(index * imageSize, (index + 1) * imageSize);
    const [right, down] = [drawShift(random), drawShift(random)];
    const [top, bottom] = [Math.max(0, down), height + Math.min(0, down)];
    const [left, end] = [Math.max(0, right), width + Math.min(0, right)];
    for (let y = top; y < bottom; y++) {
      const [to, from] = [i * imageSize + y * width, (y - down) * width - right];
      for (let x = left; x < end; x++) {
        batch[to + x] = INPUT_OF_GREY[image[from + x]];
      }
    }
  }
  return tf.tensor2d(batch, [indices.length, imageSize]);
}

/** −MAX_SHIFT … MAX_SHIFT */
function drawShift(random: Random): number {
  return random.below(2 * MAX_SHIFT + 1) - MAX_SHIFT;
}
