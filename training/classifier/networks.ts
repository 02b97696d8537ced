/**
 * The classifier as a tfjs layers model. It is small: it says which class a digit is of, and how
 * confident it is, for each candidate that the Worker draws.
 *
 * Its inputs are the upper 7 bits of grey levels, which the kernel takes as whole numbers (pixels.ts).
 */

import * as tf from '@tensorflow/tfjs';

import { type Random, addDense, addLeakyRelu } from '../backend/index.ts';
import type { Dataset } from '../data/dataset.ts';
import { HIDDEN_UNITS, LEAKY_RELU_SLOPE } from './recipe.ts';

/** (batch, pixels) → dense, LeakyReLU → dense → (batch, classes) logits */
export function buildClassifier(
  { width, height, classes }: Pick<Dataset, 'width' | 'height' | 'classes'>,
  random: Random,
): tf.Sequential {
  const model = tf.sequential({ name: 'classifier' });
  addDense(model, width * height, HIDDEN_UNITS, 1, random);
  addLeakyRelu(model, 1, LEAKY_RELU_SLOPE);
  addDense(model, HIDDEN_UNITS, classes.length, 2, random);
  return model;
}
