/** Pictures of a float generator, many at a time, on tfjs's current backend. */

import * as tf from '@tensorflow/tfjs';

import { greyLevels } from '../data/grey-levels.ts';
import type { FloatNetwork } from '../quantization/float-file.ts';

/** Pictures that are drawn at a time. */
const AT_A_TIME = 500;

/**
 * Grey levels, (count, pixels).
 * @param inputs latents and, if the generator is conditional, classes: (count, inputs)
 */
export function drawFloat(
  { layers, leakyReluSlope }: FloatNetwork,
  inputs: Float32Array,
): Uint8Array {
  const size = layers[0].inputs;
  const outputs = layers[layers.length - 1].outputs;
  const count = inputs.length / size;
  const pixels = new Uint8Array(count * outputs);
  const weights = tf.tidy(() =>
    layers.map((layer) => ({
      weight: tf.tensor2d(layer.weight, [layer.outputs, layer.inputs]),
      bias: tf.tensor1d(layer.bias),
    })),
  );
  for (let start = 0; start < count; start += AT_A_TIME) {
    const rows = Math.min(AT_A_TIME, count - start);
    const drawn = tf.tidy(() => {
      const batch = inputs.subarray(start * size, (start + rows) * size);
      let activations: tf.Tensor2D = tf.tensor2d(batch, [rows, size]);
      for (const [index, { weight, bias }] of weights.entries()) {
        const sums: tf.Tensor2D = tf.add(tf.matMul(activations, weight, false, true), bias);
        const isLast = index === weights.length - 1;
        activations = isLast ? tf.tanh(sums) : tf.leakyRelu(sums, leakyReluSlope);
      }
      return activations;
    });
    pixels.set(greyLevels(drawn.dataSync()), start * outputs);
    drawn.dispose();
  }
  tf.dispose(weights);
  return pixels;
}
