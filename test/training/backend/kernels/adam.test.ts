/** Adam against its paper, and what updating in place must not break. */

import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';

import { FusedAdam } from '../../../../training/backend/index.ts';
import { maxDifference, normals } from '../reference.ts';
import { BACKENDS, use } from '../started.ts';

const adam = (): FusedAdam => new FusedAdam(1e-2, 0.5, 0.999, 1e-7);
const gradient = (t: number): tf.Tensor => tf.tensor1d(normals(`g${t}`, 50));

describe.each(BACKENDS)('on backend %s', (name) => {
  test('Adam follows the paper step by step', async () => {
    await use(name);
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
        m[i] = beta1 * m[i] + (1 - beta1) * g[i];
        v[i] = beta2 * v[i] + (1 - beta2) * g[i] ** 2;
        const mHat = m[i] / (1 - beta1 ** t);
        const vHat = v[i] / (1 - beta2 ** t);
        w[i] = w[i] - (rate * mHat) / (Math.sqrt(vHat) + epsilon);
      }
    }
    // float32 holds a weight of 4 to 2.4e-7; five roundings of it.
    expect(maxDifference(variable.dataSync(), w)).toBeLessThan(1.2e-6);
    expect(optimizer.iterations).toBe(5);
  });

  test('Adam restored from its weights goes on to the bit', async () => {
    await use(name);
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

  test('Adam takes the rate of each update from a schedule, restored or not', async () => {
    await use(name);
    const rates = [1e-2, 5e-3, 0, 2e-3];
    const scheduled = (): FusedAdam => new FusedAdam((updates) => rates[updates], 0.5);
    const variable = tf.variable(tf.zeros([50]), true, 'scheduled');
    let optimizer = scheduled();
    // m̂ / (√v̂ + ε) depends on the gradients alone, so one step away each rate shows in the distance.
    const reference = tf.variable(tf.zeros([50]), true, 'reference');
    const unit = new FusedAdam(1, 0.5);
    for (const [t, rate] of rates.entries()) {
      const before = [variable.dataSync().slice(), reference.dataSync().slice()];
      optimizer.applyGradients({ scheduled: gradient(t) });
      unit.applyGradients({ reference: gradient(t) });
      const moved = variable.dataSync().map((x, i) => x - before[0][i]);
      const expected = reference.dataSync().map((x, i) => (x - before[1][i]) * rate);
      expect(maxDifference(moved, expected)).toBeLessThan(1e-8);

      const saved = await optimizer.getWeights();
      optimizer = scheduled();
      await optimizer.setWeights(saved);
    }
    tf.dispose([variable, reference]);
  });
});

test("Adam's configuration has the rate of the next update", async () => {
  await use('cpu');
  const optimizer = new FusedAdam((updates) => 1 / (1 + updates), 0.5);
  expect(optimizer.getConfig()).toMatchObject({ learningRate: 1, beta1: 0.5 });
  const variable = tf.variable(tf.zeros([50]), true, 'configured');
  optimizer.applyGradients({ configured: gradient(0) });
  expect(optimizer.getConfig()).toMatchObject({ learningRate: 0.5, beta1: 0.5 });
  expect(adam().getConfig()).toMatchObject({ learningRate: 1e-2 });
  variable.dispose();
});

test('Adam refuses gradients of another shape or type, and updates nothing', async () => {
  await use('wasm');
  const optimizer = adam();
  const variable = tf.variable(tf.zeros([6]), true, 'six');
  for (const wrong of [tf.scalar(1), tf.zeros([7]), tf.zeros([6], 'int32')]) {
    expect(() => optimizer.applyGradients({ six: wrong })).toThrow('six is float32 of [6]');
  }
  expect([...variable.dataSync()]).toEqual([0, 0, 0, 0, 0, 0]);
  variable.dispose();
});

test('a clone keeps its numbers when a variable is updated in place', async () => {
  await use('wasm');
  const variable = tf.variable(tf.ones([10]));
  const before = variable.clone();
  new FusedAdam(0.1, 0.9, 0.999, 1e-7).applyGradients({ [variable.name]: tf.ones([10]) });
  expect(before.dataSync()).toEqual(new Float32Array(10).fill(1));
  expect(variable.dataSync()[0]).toBeCloseTo(0.9, 5);
});
