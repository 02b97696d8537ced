/**
 * A small classifier of digits: what labels the generator's digits at the edge, and how sure it is.
 *
 * It reads pictures as p / 256, so that grey levels are its inputs as they are, in whole numbers.
 * Files and arguments are in train-classifier.ts.
 */

import * as tf from '@tensorflow/tfjs';

import { CLASSES, DIGIT_PIXELS, DIGIT_SIDE } from '../../src/digit.ts';
import type { Random } from '../../src/sampler/random.ts';
import { PIXEL_FRACTION_BITS } from '../../src/sampler/sampler.ts';
import { addDense, addLeakyRelu, call, oneHot, variablesOf } from '../backend/index.ts';
import { type Dataset, labelsOf } from '../data/dataset.ts';
import { LEAKY_RELU_SLOPE } from '../gan/recipe.ts';
import { NotFiniteError } from '../gan/step.ts';

/** Outputs of the hidden layer: as many as the Worker's bundle has room for. */
const HIDDEN_UNITS = 96;
/** Each picture is moved by up to so many pixels, either way, each time that it is shown. */
const MAX_SHIFT = 1;

/** (batch, 784) → dense, LeakyReLU → dense → (batch, 10) logits */
export function buildClassifier(random: Random): tf.Sequential {
  const model = tf.sequential({ name: 'classifier' });
  addDense(model, DIGIT_PIXELS, HIDDEN_UNITS, 1, random);
  addLeakyRelu(model, 1, LEAKY_RELU_SLOPE);
  addDense(model, HIDDEN_UNITS, CLASSES, 2, random);
  return model;
}

/**
 * One update on the images of these indices; returns the mean cross-entropy before it.
 * @throws NotFiniteError
 */
export function classifierStep(
  model: tf.Sequential,
  optimizer: tf.Optimizer,
  dataset: Dataset,
  indices: Uint32Array,
  random: Random,
): number {
  const loss = tf.tidy(() => {
    const pictures = shiftedPictures(dataset, indices, random);
    const labels = oneHot(labelsOf(dataset, indices), CLASSES);
    const crossEntropy = (): tf.Scalar =>
      tf.losses.softmaxCrossEntropy(labels, call(model, pictures, { training: true, random }));
    return optimizer.minimize(crossEntropy, true, variablesOf(model))?.dataSync()[0];
  });
  if (loss === undefined || !Number.isFinite(loss)) {
    throw new NotFiniteError(`The classifier's loss became ${loss}.`);
  }
  return loss;
}

/** (indices.length, 784) in 0…1, each picture moved a little. */
function shiftedPictures({ images }: Dataset, indices: Uint32Array, random: Random): tf.Tensor2D {
  const batch = new Float32Array(indices.length * DIGIT_PIXELS);
  for (const [i, index] of indices.entries()) {
    const image = images.subarray(index * DIGIT_PIXELS, (index + 1) * DIGIT_PIXELS);
    const [right, down] = [shift(random), shift(random)];
    const [top, bottom] = [Math.max(0, down), DIGIT_SIDE + Math.min(0, down)];
    const [left, end] = [Math.max(0, right), DIGIT_SIDE + Math.min(0, right)];
    for (let y = top; y < bottom; y++) {
      const [to, from] = [i * DIGIT_PIXELS + y * DIGIT_SIDE, (y - down) * DIGIT_SIDE - right];
      for (let x = left; x < end; x++) {
        batch[to + x] = image[from + x] * 2 ** -PIXEL_FRACTION_BITS;
      }
    }
  }
  return tf.tensor2d(batch, [indices.length, DIGIT_PIXELS]);
}

function shift(random: Random): number {
  return random.below(2 * MAX_SHIFT + 1) - MAX_SHIFT;
}

/** The share of a data set's images whose label has the largest of the logits that `classify` gives. */
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
