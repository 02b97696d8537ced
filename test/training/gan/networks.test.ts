import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';

import { Random } from '../../../src/sampler/random.ts';
import { call, variablesOf } from '../../../training/backend/index.ts';
import { buildGan, recipeSizes, summaries } from '../../../training/gan/networks.ts';
import { LIKE_MNIST } from '../helpers.ts';

await tf.setBackend('cpu');

describe('the three models', () => {
  const gan = buildGan(
    recipeSizes({ latentSize: 100, conditional: false }, LIKE_MNIST),
    Random.fromString('models'),
  );
  const { generator, discriminator, combined } = gan;

  test('have the numbers of parameters of the recipe', () => {
    expect(generator.countParams()).toBe(1_486_352);
    expect(discriminator.countParams()).toBe(1_460_225);
    expect(combined.countParams()).toBe(1_486_352 + 1_460_225);
  });

  test('have the layers of the recipe, in its order', () => {
    expect(layersOf(generator).join(' ')).toBe(
      'dense_1 leaky_relu_1 dense_2 leaky_relu_2 dense_3 leaky_relu_3 dense_4 tanh',
    );
    expect(layersOf(discriminator).join(' ')).toBe(
      'dense_1 leaky_relu_1 dropout_1 dense_2 leaky_relu_2 dropout_2 dense_3 leaky_relu_3 dense_4 sigmoid',
    );
    const shapes = variablesOf(combined).map(({ shape }) => shape.join('×'));
    expect(shapes.join(' ')).toBe(
      '100×256 256 256×512 512 512×1024 1024 1024×784 784 784×1024 1024 1024×512 512 512×256 256 256×1 1',
    );
  });

  test('take the class as ten more inputs in the conditional variant', () => {
    const sizes = recipeSizes({ latentSize: 100, conditional: true }, LIKE_MNIST);
    const conditional = buildGan(sizes, Random.fromString('models'));
    expect(conditional.generator.inputs[0].shape).toEqual([null, 110]);
    expect(conditional.discriminator.inputs[0].shape).toEqual([null, 794]);
    expect(conditional.generator.countParams()).toBe(1_486_352 + 10 * 256);
    expect(conditional.discriminator.countParams()).toBe(1_460_225 + 10 * 1024);
    expect(summaries(conditional)).toContain('Non-trainable params: 1470465');
  });

  test('take as many classes and draw as many pixels as the data have', () => {
    const data = { width: 15, height: 9, classes: ['a', 'b', 'c'] };
    const sizes = recipeSizes({ latentSize: 100, conditional: true }, data);
    const other = buildGan(sizes, Random.fromString('models'));
    expect(other.generator.inputs[0].shape).toEqual([null, 103]);
    expect(other.generator.outputs[0].shape).toEqual([null, 135]);
    expect(other.discriminator.inputs[0].shape).toEqual([null, 138]);
  });

  test('start with Glorot uniform kernels and zero biases', () => {
    for (const variable of variablesOf(combined)) {
      const values = variable.dataSync() as Float32Array;
      const [inputs, outputs] = variable.shape;
      if (outputs === undefined) {
        expect(values.every((value) => value === 0)).toBe(true);
        continue;
      }
      const limit = Math.sqrt(6 / (inputs + outputs));
      const deviation = Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / values.length);
      expect(values.every((value) => Math.abs(value) <= limit)).toBe(true);
      // The standard deviation of ±limit is limit / √3; of n draws it is known to 1 in √(5n/2).
      const tolerance = (5 * limit) / Math.sqrt(7.5 * values.length);
      expect(Math.abs(deviation - limit / Math.sqrt(3))).toBeLessThan(tolerance);
    }
  });

  test('turn latents into pixels and pixels into probabilities', () => {
    const [images, verdicts] = tf.tidy(() => {
      const batch = tf.ones<tf.Rank.R2>([3, 100]);
      const generated = call(generator, batch, { training: false });
      return [
        generated.arraySync(),
        call(discriminator, generated, { training: false }).arraySync(),
      ];
    });
    expect(images.map((row) => row.length)).toEqual([784, 784, 784]);
    expect(images.flat().every((pixel) => pixel > -1 && pixel < 1)).toBe(true);
    expect(verdicts.map((row) => row.length)).toEqual([1, 1, 1]);
    expect(verdicts.flat().every((verdict) => verdict > 0 && verdict < 1)).toBe(true);
  });

  test('have a summary in which the combined one has its discriminator frozen, and stay trainable', () => {
    const text = summaries(gan);
    for (const line of [
      'Total params: 1486352',
      'Total params: 1460225',
      'Total params: 2946577',
    ]) {
      expect(text).toContain(line);
    }
    expect(text.slice(text.indexOf('2946577'))).toContain('Trainable params: 1486352');
    expect(variablesOf(discriminator)).toHaveLength(8);
  });
});

function layersOf(model: tf.LayersModel): string[] {
  return model.layers.map(({ name }) => name);
}
