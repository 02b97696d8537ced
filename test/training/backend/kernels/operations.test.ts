/** The operations of dense networks, values and gradients, against tfjs's `cpu` backend, on odd shapes. */

import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';

import { maxDifference, normals } from '../reference.ts';
import { started } from '../started.ts';

type Operation = (x: tf.Tensor2D, y: tf.Tensor2D) => tf.Tensor;

const operations: Record<string, Operation> = {
  matMul: (x, y) => tf.matMul(x, y, false, true),
  'matMul, first operand transposed': (x, y) => tf.matMul(x, y, true, false),
  leakyRelu: (x) => tf.leakyRelu(x, 0.2),
  tanh: (x) => tf.tanh(x.mul(3)),
  sigmoid: (x) => tf.sigmoid(x),
  multiply: (x, y) => tf.mul(x, y),
  'multiply, broadcast': (x) => tf.mul(x, tf.slice(x, [0, 0], [1, -1])),
  'multiply by itself': (x) => tf.mul(x, x),
  'sum over rows': (x) => tf.sum(x, 0),
  'sum over rows, axes kept': (x) => tf.sum(x, 0, true),
  'sum over columns': (x) => tf.sum(x, 1),
  'sum over all': (x) => tf.sum(x),
  mean: (x) => tf.mean(x),
  concat: (x, y) => tf.concat([x, y]),
  clone: (x) => x.clone().add(x),
  'binary cross-entropy': (x, y) => tf.losses.logLoss(tf.sigmoid(y), tf.sigmoid(x)),
};

const shapes: [number, number][] = [
  [1, 1],
  [3, 5],
  [13, 37],
  [129, 67],
  [300, 101],
];

/** The values of every operation on every shape, and the gradients of their mean square. */
function results(): Map<string, Float32Array> {
  const found = new Map<string, Float32Array>();
  for (const [name, operation] of Object.entries(operations)) {
    for (const shape of shapes) {
      tf.tidy(() => {
        const size = shape[0] * shape[1];
        const x = tf.tensor2d(normals('x', size), shape);
        const y = tf.tensor2d(normals('y', size), shape);
        found.set(`${name} [${shape}]`, operation(x, y).dataSync<'float32'>());
        const [dx, dy] = tf.grads((a, b) =>
          tf.add(
            operation(a as tf.Tensor2D, b as tf.Tensor2D)
              .square()
              .mean(),
            tf.mean(b),
          ),
        )([x, y]);
        found.set(`${name} [${shape}] dx`, dx.dataSync<'float32'>());
        found.set(`${name} [${shape}] dy`, dy.dataSync<'float32'>());
      });
    }
  }
  return found;
}

describe.each([
  ['on two threads', { threads: 2, relaxedSimd: true }],
  ['on plain SIMD', { threads: 1, relaxedSimd: false }],
  [
    'without SIMD',
    {
      threads: 2,
      relaxedSimd: true,
      features: { simd: false, relaxedSimd: false, threads: true },
    },
  ],
] as const)('%s', (_, options) => {
  test("gives what tfjs's cpu backend gives", async () => {
    const backend = await started(options);
    expect(tf.getBackend()).toBe('wasm');
    const ours = results();
    await backend.stop();
    expect(tf.getBackend()).toBe('cpu');
    const expected = results();
    for (const [name, values] of expected) {
      const scale = Math.max(1, ...values.map(Math.abs));
      const difference = maxDifference(ours.get(name) as Float32Array, values);
      expect(difference / scale, name).toBeLessThan(2e-5);
    }
  });
});

test('says what is missing where the engine has no SIMD', async () => {
  const backend = await started({
    threads: 2,
    relaxedSimd: true,
    features: { simd: false, relaxedSimd: false, threads: true },
  });
  expect(backend).toMatchObject({ threads: 1, simd: false });
  expect(backend.notes.join()).toContain('no SIMD');
});

/** The gradient of the squared gradient of f(x)². */
function secondDerivative(f: (x: tf.Tensor1D) => tf.Tensor): Float32Array {
  return tf.tidy(() => {
    const slope = tf.grad((a: tf.Tensor) => f(a as tf.Tensor1D).square());
    return tf
      .grad((a: tf.Tensor) => slope(a).square())(tf.tensor1d(normals('x', 11)))
      .dataSync<'float32'>();
  });
}

test("a second derivative of tanh is the cpu backend's", async () => {
  await started({ threads: 2, relaxedSimd: true });
  const ours = secondDerivative(tf.tanh);
  await tf.setBackend('cpu');
  expect(maxDifference(ours, secondDerivative(tf.tanh))).toBeLessThan(1e-5);
});

test('a second derivative of LeakyReLU is the slope to the fourth power', async () => {
  await started({ threads: 2, relaxedSimd: true });
  const ours = secondDerivative((x) => tf.leakyRelu(x, 0.2));
  // f = s·x, (f²)′ = 2·s²·x, its square 4·s⁴·x², and the derivative of that 8·s⁴·x.
  const expected = normals('x', 11).map((x) => 8 * (x < 0 ? 0.2 : 1) ** 4 * x);
  expect(maxDifference(ours, expected)).toBeLessThan(1e-5);
});

test('LeakyReLU and its gradient take integers', async () => {
  await started({ threads: 1, relaxedSimd: false });
  const x = tf.tensor1d([0, 1, -2]);
  expect([...tf.leakyRelu(x.toInt(), 0.5).dataSync()]).toEqual([0, 1, -1]);
  const slopes = tf
    .grad((input) => tf.leakyRelu(input.toInt(), 0.5))(x)
    .dataSync();
  expect([...slopes].slice(1)).toEqual([1, 0.5]);
});
