/**
 * A dense layer whose gradients are computed only where they are asked for. tfjs's own asks for all three of a fused
 * product at once: to train a generator through a frozen discriminator it computes the discriminator's weight
 * gradients too, and throws them away, a sixth of all the arithmetic of a GAN's step.
 */

import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';

import { ofOneOutput, runKernel } from './gradient.ts';

const LINEAR = { transposeA: false, transposeB: false, activation: 'linear' };

/** tfjs's layer `dense`, linear, with a bias: (batch, inputs) → (batch, units). */
export function dense(
  config: Omit<Parameters<typeof tf.layers.dense>[0], 'activation' | 'useBias'>,
): tf.layers.Layer {
  const layer = tf.layers.dense(config);
  layer.call = (inputs) => {
    const a = (Array.isArray(inputs) ? inputs[0] : inputs) as Tensor;
    if (a.rank !== 2) throw new RangeError(`This layer takes (batch, inputs), not [${a.shape}].`);
    const [b, bias] = layer.weights.map((weight) => weight.read());
    return runKernel(tf._FusedMatMul, { a, b: b as Tensor, bias: bias as Tensor }, LINEAR);
  };
  return layer;
}

/** tfjs has no gradient of this kernel: its fused operation brings one of its own. */
tf.registerGradient({
  kernelName: tf._FusedMatMul,
  inputsToSave: ['a', 'b'],
  gradFunc: ofOneOutput((dy, [a, b]) => ({
    a: () => tf.matMul(dy, b, false, true),
    b: () => tf.matMul(a, dy, true, false),
    bias: () => tf.sum(dy, 0),
  })),
});
