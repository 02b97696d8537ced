import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';

import { Random } from '../../../src/sampler/random.ts';
import { parseSafetensors } from '../../../src/weights/safetensors.ts';
import { call } from '../../../training/backend/index.ts';
import { serializeGenerator } from '../../../training/gan/generator-file.ts';
import { buildGan } from '../../../training/gan/networks.ts';
import { drawLatents } from '../../../training/gan/step.ts';
import { parseNetwork } from '../../../training/quantization/float-file.ts';
import { runNetwork } from '../../../training/quantization/float-network.ts';

await tf.setBackend('cpu');

const RECIPE = {
  epochs: 400,
  stepsPerEpoch: 128,
  batchSize: 128,
  latentSize: 5,
  generatorLearningRate: 2e-4,
  generatorBeta1: 0.5,
  discriminatorLearningRate: 2e-4,
  discriminatorBeta1: 0.5,
  labelSmoothing: 0.9,
  lrDecay: 0.5,
  ema: 0.999,
  latentScale: 1,
  seed: 7,
  conditional: false,
};

describe('the file of a generator', () => {
  const sizes = { latentSize: 5, generatorUnits: [6, 7, 8], discriminatorUnits: [4, 3, 1] };
  const { generator } = buildGan(sizes, Random.fromString('generator'));
  // Biases start as zeros, which would hide one that is lost.
  const random = Random.fromString('biases');
  generator.setWeights(
    generator.getWeights().map((weight) => {
      const values = Array.from(weight.dataSync(), (value) => value || random.normal());
      return tf.tensor(values, weight.shape);
    }),
  );
  const dataset = { name: 'bits', sha256: 'abc', width: 4, height: 2, classes: ['off', 'on'] };
  const bytes = serializeGenerator(generator, { recipe: RECIPE, epochs: 60, dataset });

  test('holds the network that tfjs has', () => {
    const latents = drawLatents(Random.fromString('latents'), 3, 5);
    const expected = tf.tidy(() =>
      call(generator, tf.tensor2d(latents, [3, 5]), { training: false }).dataSync(),
    );
    const found = runNetwork(parseNetwork(bytes), latents);
    expect(found).toHaveLength(24);
    for (const [i, pixel] of found.entries()) expect(pixel).toBeCloseTo(expected[i], 6);
  });

  test('scales latents as the recipe says, and no class', () => {
    const recipe = { ...RECIPE, latentSize: 3, conditional: true };
    const fileOf = (latentScale: number): Uint8Array =>
      serializeGenerator(generator, { recipe: { ...recipe, latentScale }, epochs: 1, dataset });
    const latent = drawLatents(Random.fromString('latents'), 1, 3);
    const input = [...latent, 0, 1];
    const scaled = [...latent.map((x) => 1.25 * x), 0, 1];
    const found = runNetwork(parseNetwork(fileOf(1.25)), Float32Array.from(input));
    const expected = runNetwork(parseNetwork(fileOf(1)), Float32Array.from(scaled));
    for (const [i, pixel] of found.entries()) expect(pixel).toBeCloseTo(expected[i], 6);
    expect(found).not.toEqual(runNetwork(parseNetwork(fileOf(1)), Float32Array.from(input)));
  });

  test('has the layout and the metadata that are promised', () => {
    const { tensors, metadata } = parseSafetensors(bytes);
    expect(Array.from(tensors, ([name, { dtype, shape }]) => [name, dtype, ...shape])).toEqual([
      ['dense_1.weight', 'F32', 6, 5],
      ['dense_1.bias', 'F32', 6],
      ['dense_2.weight', 'F32', 7, 6],
      ['dense_2.bias', 'F32', 7],
      ['dense_3.weight', 'F32', 8, 7],
      ['dense_3.bias', 'F32', 8],
    ]);
    expect({ ...metadata, recipe: JSON.parse(metadata['recipe']) as unknown }).toEqual({
      kind: 'generator',
      classes: '0',
      sizes: '[5,6,7,8]',
      activations: '["leakyRelu","leakyRelu","tanh"]',
      leakyReluSlope: '0.2',
      recipe: RECIPE,
      epochs: '60',
      seed: '7',
      dataset: 'bits',
      datasetSha256: 'abc',
      width: '4',
      height: '2',
      classNames: '["off","on"]',
    });
  });
});
