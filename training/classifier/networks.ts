/**
 * The classifier as a tfjs layers model. It is small: it says which class a digit is of, and how
 * confident it is, for each candidate that the Worker draws.
 *
 * Its inputs are the upper 7 bits of grey levels, which the kernel takes as whole numbers (pixels.ts).
 */

import * as tf from '@tensorflow/tfjs';

import { CLASSES, DIGIT_PIXELS } from '../../src/digit.ts';
import { type Random, addDense, addLeakyRelu } from '../backend/index.ts';
import { HIDDEN_UNITS, LEAKY_RELU_SLOPE } from './recipe.ts';

/** (batch, 784) → dense, LeakyReLU → dense → (batch, 10) logits */
export function buildClassifier(random: Random): tf.Sequential {
  const model = tf.sequential({ name: 'classifier' });
  addDense(model, DIGIT_PIXELS, HIDDEN_UNITS, 1, random);
  addLeakyRelu(model, 1, LEAKY_RELU_SLOPE);
  addDense(model, HIDDEN_UNITS, CLASSES, 2, random);
  return model;
}
