/**
 * A dense layer whose gradients are computed only if they are asked for. tfjs's own computes all three gradients of a
 * fused product at once: training a network through a frozen one computes the frozen one's weight gradients too, only
 * to throw them away. In a GAN's step that is a sixth of all arithmetic.
 */

import * as tf from '@tensorflow/tfjs';

import { ofOneOutput, runKernel } from '../gradient.ts';
import type { Random } from './model.ts';

const LINEAR = { transposeA: false, transposeB: false, activation: 'linear' };

/** tfjs's layer `dense`, linear, with a bias: (batch, inputs) → (batch, units). */
export function dense(
  config: Omit<Parameters<typeof tf.layers.dense>[0], 'activation' | 'useBias'>,
): tf.layers.Layer {
  const layer = tf.layers.dense(config);
  layer.call = (inputs) => {
    const a = Array.isArray(inputs) ? inputs[0] : inputs;
    if (a.rank !== 2) throw new RangeError(`This layer takes (batch, inputs), not [${a.shape}].`);
    const [b, bias] = layer.weights.map((weight) => weight.read());
    return runKernel(tf._FusedMatMul, { a, b, bias }, LINEAR);
  };
  return layer;
}

/** Adds layer `dense_n`, linear, with Glorot uniform weights: (batch, inputs) → (batch, outputs). */
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

/** Uniform in ±√(6 / (inputs + outputs)) (Glorot and Bengio, 2010), (inputs, outputs) row by row. */
export function glorotUniform(random: Random, inputs: number, outputs: number): Float32Array {
  const limit = Math.sqrt(6 / (inputs + outputs));
  const kernel = new Float32Array(inputs * outputs);
  for (let i = 0; i < kernel.length; i++) {
    kernel[i] = limit * ((random.nextUint32() + 0.5) * 2 ** -31 - 1);
  }
  return kernel;
}

/** tfjs has no gradient for this kernel: its fused operation brings its own. */
tf.registerGradient({
  kernelName: tf._FusedMatMul,
  inputsToSave: ['a', 'b'],
  gradFunc: ofOneOutput((dy, [a, b]) => ({
    a: () => tf.matMul(dy, b, false, true),
    b: () => tf.matMul(a, dy, true, false),
    bias: () => tf.sum(dy, 0),
  })),
});
