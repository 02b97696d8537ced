/** The dense layer against tfjs's, and its initial weights. */

import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';

import { Random } from '../../../../src/sampler/random.ts';
import { dense, glorotUniform } from '../../../../training/backend/index.ts';
import { maxDifference, normals } from '../reference.ts';
import { BACKENDS, use } from '../started.ts';

describe.each(BACKENDS)('on backend %s', (name) => {
  test("a dense layer gives the values and gradients of tfjs's", async () => {
    await use(name);
    const x = tf.tensor2d(normals('x', 6 * 11), [6, 11]);
    const gradients = [dense, tf.layers.dense].map((make) => {
      const layer = make({ units: 7, inputShape: [11] });
      const model = tf.sequential({ layers: [layer] });
      model.setWeights([
        tf.tensor2d(normals('kernel', 11 * 7), [11, 7]),
        tf.tensor1d(normals('bias', 7)),
      ]);
      const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
      const { value, grads } = tf.variableGrads(
        () => (model.apply(x) as tf.Tensor).square().sum<tf.Scalar>(),
        variables,
      );
      const ofInput = tf.grad((input) => (model.apply(input) as tf.Tensor).square())(x);
      return [value, ...variables.map((v) => grads[v.name]), ofInput].map((tensor) =>
        tensor.dataSync<'float32'>(),
      );
    });
    const [ours, theirs] = gradients as [Float32Array[], Float32Array[]];
    for (const [index, values] of theirs.entries()) {
      expect(maxDifference(ours[index], values)).toBeLessThan(1e-3);
    }
  });
});

test('a dense layer refuses inputs that are not (batch, inputs)', async () => {
  await use('wasm');
  const layer = dense({ units: 2, inputShape: [3, 4] });
  expect(() => layer.apply(tf.ones([1, 3, 4]))).toThrow('(batch, inputs)');
});

test('initial weights are a function of the random numbers', () => {
  const [a, again, b] = ['a', 'a', 'b'].map((seed) => glorotUniform(Random.fromString(seed), 3, 5));
  expect(a).toEqual(again);
  expect(a).not.toEqual(b);
});
