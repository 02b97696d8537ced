/** LeakyReLU as a named layer. */

import * as tf from '@tensorflow/tfjs';

/** Adds layer `leaky_relu_n`: x where x > 0, else slope·x. */
export function addLeakyRelu(model: tf.Sequential, n: number, slope: number): void {
  model.add(tf.layers.leakyReLU({ alpha: slope, name: `leaky_relu_${n}` }));
}
