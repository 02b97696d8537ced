/** What goes into a model of these layers and comes out. Randomness is an argument: it comes in with each call. */

import * as tf from '@tensorflow/tfjs';

/** A source of random numbers: the caller brings it, and with it the seed and the state. */
export interface Random {
  /** An integer, uniform in 0 … 2³² − 1. */
  nextUint32(): number;
}

/** What a model is called with: `random` draws the dropout masks. */
export type CallOptions =
  | { readonly training: true; readonly random: Random }
  | { readonly training: false };

/** A model's output for a batch, which `model.predict` would cut into smaller ones. */
export function call(
  model: tf.LayersModel,
  batch: tf.Tensor2D | tf.Tensor2D[],
  options: CallOptions,
): tf.Tensor2D {
  return model.apply(batch, options) as tf.Tensor2D;
}

/** Labels 0 … classes − 1 as one-hot rows: (count, classes). */
export function oneHot(labels: Uint8Array, classes: number): tf.Tensor2D {
  const rows = new Float32Array(labels.length * classes);
  for (const [row, label] of labels.entries()) rows[row * classes + label] = 1;
  return tf.tensor2d(rows, [labels.length, classes]);
}

/** The weights that a model learns: kernel and bias, layer by layer. */
export function variablesOf(model: tf.LayersModel): tf.Variable[] {
  return model.trainableWeights.map((weight) => weight.read() as tf.Variable);
}

/** A dense layer's weights outside of tfjs. */
export interface DenseWeights {
  readonly inputs: number;
  readonly outputs: number;
  /** (outputs, inputs): tfjs's kernel, transposed. */
  readonly weight: Float32Array;
  /** (outputs) */
  readonly bias: Float32Array;
}

/** The weights of a model's dense layers, which are all that it learns, as most other frameworks hold them. */
export function denseWeightsOf(model: tf.LayersModel): DenseWeights[] {
  const variables = variablesOf(model);
  return Array.from({ length: variables.length / 2 }, (_, n) => {
    const [kernel, bias] = [variables[2 * n], variables[2 * n + 1]];
    const [inputs, outputs] = kernel.shape;
    // Read outside of tidy, which would look for tensors in each of a million numbers.
    const transposed = tf.tidy(() => kernel.transpose());
    const weight = transposed.dataSync() as Float32Array;
    transposed.dispose();
    return { inputs, outputs, weight, bias: bias.dataSync() as Float32Array };
  });
}
