/** The backend's own layer, dropout and optimizer against tfjs's, or a plain reference. */

import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { Random } from '../../../src/sampler/random.ts';
import {
  type Backend,
  dense,
  dropout,
  dropoutMask,
  FusedAdam,
  glorotUniform,
  startBackend,
} from '../../../training/backend/index.ts';
import { maxDifference, normals } from './reference.ts';

let backend: Backend | undefined;
beforeEach(async () => {
  await tf.setBackend('cpu');
});
afterEach(async () => {
  await backend?.stop();
  backend = undefined;
});

const backends = ['wasm', 'cpu'] as const;

async function start(name: 'wasm' | 'cpu'): Promise<void> {
  if (name === 'wasm') backend = await startBackend({ threads: 2, relaxedSimd: true });
}

const adam = (): FusedAdam => new FusedAdam(1e-2, 0.5, 0.999, 1e-7);
const gradient = (t: number): tf.Tensor => tf.tensor1d(normals(`g${t}`, 50));

describe.each(backends)('on backend %s', (name) => {
  test("dense gives the values and gradients of tfjs's dense", async () => {
    await start(name);
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
        () => (model.apply(x) as tf.Tensor).square().sum() as tf.Scalar,
        variables,
      );
      const ofInput = tf.grad((input) => (model.apply(input) as tf.Tensor).square())(x);
      return [value, ...variables.map((v) => grads[v.name] as tf.Tensor), ofInput].map((tensor) =>
        tensor.dataSync<'float32'>(),
      );
    });
    const [ours, theirs] = gradients as [Float32Array[], Float32Array[]];
    for (const [index, values] of theirs.entries()) {
      expect(maxDifference(ours[index] as Float32Array, values)).toBeLessThan(1e-3);
    }
  });

  test('dropout multiplies with the mask of its key, forwards and backwards', async () => {
    await start(name);
    for (const size of [1, 4, 5, 8191, 8193, 20_002]) {
      const key = [size * 7919, 0xdeadbeef] as const;
      const mask = dropoutMask(size, 0.3, key);
      const x = normals('x', size);
      const y = tf.tidy(() => dropout(tf.tensor1d(x), 0.3, key).dataSync<'float32'>());
      expect(
        maxDifference(
          y,
          x.map((value, index) => value * (mask[index] as number)),
        ),
      ).toBe(0);
      const dx = tf.tidy(() =>
        tf
          .grad((a) => dropout(a, 0.3, key))(tf.tensor1d(x))
          .dataSync<'float32'>(),
      );
      expect(maxDifference(dx, mask)).toBe(0);
    }
  });

  test('Adam follows the paper step by step', async () => {
    await start(name);
    const [rate, beta1, beta2, epsilon] = [2e-4, 0.5, 0.999, 1e-7];
    const size = 8195;
    const variable = tf.variable(tf.tensor1d(normals('w', size)));
    const optimizer = new FusedAdam(rate, beta1, beta2, epsilon);
    const w = Float64Array.from(normals('w', size));
    const m = new Float64Array(size);
    const v = new Float64Array(size);
    for (let t = 1; t <= 5; t++) {
      const g = normals(`g${t}`, size);
      optimizer.applyGradients({ [variable.name]: tf.tensor1d(g) });
      for (let i = 0; i < size; i++) {
        m[i] = beta1 * (m[i] as number) + (1 - beta1) * (g[i] as number);
        v[i] = beta2 * (v[i] as number) + (1 - beta2) * (g[i] as number) ** 2;
        const mHat = (m[i] as number) / (1 - beta1 ** t);
        const vHat = (v[i] as number) / (1 - beta2 ** t);
        w[i] = (w[i] as number) - (rate * mHat) / (Math.sqrt(vHat) + epsilon);
      }
    }
    // float32 holds a weight of 4 to 2.4e-7; five roundings of it.
    expect(maxDifference(variable.dataSync(), w)).toBeLessThan(1.2e-6);
    expect(optimizer.iterations).toBe(5);
  });

  test('Adam restored from its weights goes on to the bit', async () => {
    await start(name);
    const unbroken = tf.variable(tf.zeros([50]), true, 'unbroken');
    const optimizer = adam();
    for (let t = 0; t < 3; t++) optimizer.applyGradients({ unbroken: gradient(t) });
    const saved = await optimizer.getWeights();
    const values = unbroken.dataSync().slice();
    for (let t = 3; t < 6; t++) optimizer.applyGradients({ unbroken: gradient(t) });
    const expected = unbroken.dataSync().slice();

    unbroken.assign(tf.tensor1d(values));
    const restored = adam();
    await restored.setWeights(saved);
    for (let t = 3; t < 6; t++) restored.applyGradients({ unbroken: gradient(t) });
    expect(unbroken.dataSync()).toEqual(expected);
    unbroken.dispose();
  });
});

test('what the kernels cannot compute is refused', async () => {
  await start('wasm');
  const optimizer = adam();
  const variable = tf.variable(tf.zeros([6]), true, 'six');
  for (const wrong of [tf.scalar(1), tf.zeros([7]), tf.zeros([6], 'int32')]) {
    expect(() => optimizer.applyGradients({ six: wrong })).toThrow('six is float32 of [6]');
  }
  expect([...variable.dataSync()]).toEqual([0, 0, 0, 0, 0, 0]);
  expect(() => dropout(tf.ones([3]), 1, [1, 2])).toThrow('below 1');
  expect(() => dropout(tf.ones([3], 'int32'), 0.5, [1, 2])).toThrow('float32');
  const layer = dense({ units: 2, inputShape: [3, 4] });
  expect(() => layer.apply(tf.ones([1, 3, 4]))).toThrow('(batch, inputs)');
  variable.dispose();
});

test('initial weights are a function of the random numbers', () => {
  const [a, again, b] = ['a', 'a', 'b'].map((seed) => glorotUniform(Random.fromString(seed), 3, 5));
  expect(a).toEqual(again);
  expect(a).not.toEqual(b);
});

describe('a dropout mask', () => {
  test.each([0, 0.3, 0.5, 0.9])(
    'drops a share of %d and scales the rest by 1 / (1 − rate)',
    (rate) => {
      const size = 100_001;
      const mask = dropoutMask(size, rate, [1, 2]);
      const kept = mask.filter((factor) => factor !== 0);
      expect(new Set(kept)).toEqual(new Set([Math.fround(1 / (1 - rate))]));
      // 5 standard deviations of a binomial count.
      const deviation = Math.sqrt(size * rate * (1 - rate));
      expect(Math.abs(kept.length - size * (1 - rate))).toBeLessThanOrEqual(5 * deviation);
    },
  );

  test('is another one for each key, without a pattern between neighbours', () => {
    const size = 10_000;
    const mask = dropoutMask(size, 0.5, [1, 2]);
    const agreements = [
      [2, 2],
      [1, 3],
      [2, 1],
    ].map(([key, key2]) => {
      const other = dropoutMask(size, 0.5, [key as number, key2 as number]);
      return mask.filter((factor, index) => factor === other[index]).length;
    });
    const neighbours = [1, 2, 4, 512, 1024].map(
      (distance) => mask.filter((factor, index) => factor === mask[index + distance]).length,
    );
    for (const count of [...agreements, ...neighbours]) {
      // Half of some 9,000 to 10,000 pairs, ± 6 standard deviations.
      expect(count).toBeGreaterThan(4_200);
      expect(count).toBeLessThan(5_300);
    }
  });
});
