/** The recipe's three models as tfjs's documentation builds models: from tfjs's own layers, dropout included. */

import * as tf from '@tensorflow/tfjs';

import type { Gan, Sizes } from '../../../training/gan/networks.ts';
import { DROPOUT_LAYERS, DROPOUT_RATE, LEAKY_RELU_SLOPE } from '../../../training/gan/recipe.ts';

function perceptron(
  inputs: number,
  units: readonly number[],
  activation: 'tanh' | 'sigmoid',
  dropoutLayers: number,
): tf.Sequential {
  const model = tf.sequential();
  for (const [index, outputs] of units.entries()) {
    const last = index + 1 === units.length;
    model.add(
      tf.layers.dense({
        units: outputs,
        inputShape: [units[index - 1] ?? inputs],
        kernelInitializer: 'glorotUniform',
        ...(last && { activation }),
      }),
    );
    if (!last) model.add(tf.layers.leakyReLU({ alpha: LEAKY_RELU_SLOPE }));
    if (index < dropoutLayers) model.add(tf.layers.dropout({ rate: DROPOUT_RATE }));
  }
  return model;
}

export function buildStockGan({ latentSize, generatorUnits, discriminatorUnits }: Sizes): Gan {
  const generator = perceptron(latentSize, generatorUnits, 'tanh', 0);
  const pixels = generatorUnits[generatorUnits.length - 1];
  const discriminator = perceptron(pixels, discriminatorUnits, 'sigmoid', DROPOUT_LAYERS);
  const combined = tf.sequential({ layers: [generator, discriminator] });
  return { generator, discriminator, combined };
}
