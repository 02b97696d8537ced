/**
 * The layers that this project's models are made of, for tfjs.
 *
 * All randomness comes in as an argument: the initial weights' when a layer is added, the dropout
 * masks' with each call (`model.apply(x, { training: true, random })`). tfjs's own seeded dropout
 * would draw the same mask at every step.
 */

import * as tf from '@tensorflow/tfjs';

import { CLASSES } from '../../src/digit.ts';
import type { Random } from '../../src/sampler/random.ts';
import { type DropoutKey, dense, dropout } from '../backend/index.ts';
import { LEAKY_RELU_SLOPE } from './recipe.ts';

/** What a model of these layers is called with: `random` draws the dropout masks. */
export type CallOptions = { training: true; random: Random } | { training: false };

/** What a model gives for a batch; no batching of its own, as `model.predict` has. */
export function call(
  model: tf.LayersModel,
  batch: tf.Tensor2D | tf.Tensor2D[],
  options: CallOptions,
): tf.Tensor2D {
  return model.apply(batch, options) as tf.Tensor2D;
}

/** Classes 0 … 9 as one-hot rows: (count, 10). */
export function oneHot(classes: Uint8Array): tf.Tensor2D {
  const rows = new Float32Array(classes.length * CLASSES);
  for (const [row, label] of classes.entries()) rows[row * CLASSES + label] = 1;
  return tf.tensor2d(rows, [classes.length, CLASSES]);
}

/** The weights that a model learns: kernel and bias, layer by layer. */
export function variablesOf(model: tf.LayersModel): tf.Variable[] {
  return model.trainableWeights.map((weight) => weight.read() as tf.Variable);
}

/** Adds layer `dense_n`, linear: (batch, inputs) → (batch, outputs). */
export function addDense(
  model: tf.Sequential,
  inputs: number,
  outputs: number,
  n: number,
  random: Random,
): void {
  const name = `dense_${n}`;
  const initializers = { kernelInitializer: 'zeros', biasInitializer: 'zeros' } as const;
  const layer = dense({ units: outputs, inputShape: [inputs], name, ...initializers });
  model.add(layer);
  tf.tidy(() => {
    const kernel = tf.tensor2d(glorotUniform(random, inputs, outputs), [inputs, outputs]);
    layer.setWeights([kernel, tf.zeros([outputs])]);
  });
}

/** Adds layer `leaky_relu_n`. */
export function addLeakyRelu(model: tf.Sequential, n: number): void {
  model.add(tf.layers.leakyReLU({ alpha: LEAKY_RELU_SLOPE, name: `leaky_relu_${n}` }));
}

/** Uniform in ±√(6 / (inputs + outputs)) (Glorot and Bengio 2010), (inputs, outputs) row by row. */
export function glorotUniform(random: Random, inputs: number, outputs: number): Float32Array {
  const limit = Math.sqrt(6 / (inputs + outputs));
  const kernel = new Float32Array(inputs * outputs);
  for (let i = 0; i < kernel.length; i++) {
    kernel[i] = limit * ((random.nextUint32() + 0.5) * 2 ** -31 - 1);
  }
  return kernel;
}

/** Adds layer `dropout_n`. */
export function addDropout(model: tf.Sequential, n: number, rate: number): void {
  model.add(new RandomDropout({ name: `dropout_${n}`, rate }));
}

/** What a dropout mask is drawn from. */
export function dropoutKey(random: Random): DropoutKey {
  return [random.nextUint32(), random.nextUint32()];
}

/** Dropout (Srivastava et al. 2014, scaled while training) with keys from the caller's Random. */
class RandomDropout extends tf.layers.Layer {
  /** tfjs's name for the class, needed by its constructor. */
  static className = 'RandomDropout';
  readonly #rate: number;

  constructor({ name, rate }: { name: string; rate: number }) {
    super({ name });
    this.#rate = rate;
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    return inputShape;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], options: CallOptions): tf.Tensor {
    const [input] = Array.isArray(inputs) ? inputs : [inputs];
    if (!options.training) return input.clone();
    return dropout(input, this.#rate, dropoutKey(options.random));
  }
}
