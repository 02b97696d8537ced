/** Running averages against a plain reference of the same roundings, and what updating in place must not break. */

import * as tf from '@tensorflow/tfjs';
import { beforeEach, describe, expect, test } from 'vitest';

import { updateRunningAverage } from '../../../../training/backend/index.ts';
import { normals, runningAverage } from '../reference.ts';
import { started, use } from '../started.ts';

/** From one number to beyond a vector of four, a chunk of 8,192, and several chunks. */
const SIZES = [1, 3, 4, 5, 8191, 8193, 20_002, 65_537];
const DECAYS = [0, 0.1, 2 / 11, 0.999, 0.9999];

/** The averages of each size after a step with each decay, from ours and from the reference. */
function averages(): { ours: Float32Array[]; expected: Float32Array[] } {
  const results = SIZES.map((size) => {
    const average = tf.variable(tf.tensor1d(normals('start', size)));
    let expected = normals('start', size);
    for (const decay of DECAYS) {
      const value = normals(`value ${decay}`, size);
      tf.tidy(() => updateRunningAverage(average, tf.tensor1d(value), decay));
      expected = runningAverage(expected, value, decay);
    }
    const ours = average.dataSync<'float32'>().slice();
    average.dispose();
    return { ours, expected };
  });
  return {
    ours: results.map(({ ours }) => ours),
    expected: results.map(({ expected }) => expected),
  };
}

describe.each([
  ['relaxed SIMD', true],
  ['plain SIMD', false],
])('with %s', (_, relaxedSimd) => {
  test.each([1, 2, 3, 4])('is the reference to the bit on %i threads', async (threads) => {
    await started({ threads, relaxedSimd });
    const { ours, expected } = averages();
    expect(ours).toEqual(expected);
  });
});

test("is the reference to the bit on tfjs's cpu backend", async () => {
  await use('cpu');
  const { ours, expected } = averages();
  expect(ours).toEqual(expected);
});

describe('an update in place', () => {
  beforeEach(() => use('wasm'));

  test('refuses values of another shape or type, and changes nothing', () => {
    const average = tf.variable(tf.zeros([6]));
    for (const wrong of [tf.scalar(1), tf.ones([7]), tf.ones([2, 3]), tf.ones([6], 'int32')]) {
      expect(() => updateRunningAverage(average, wrong, 0.5)).toThrow('float32 of [6]');
    }
    expect([...average.dataSync()]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test('leaves clones and values as they were', () => {
    const average = tf.variable(tf.ones([10]));
    const clone = average.clone();
    const value = tf.ones([10]).mul(3);
    updateRunningAverage(average, value, 0.5);
    expect(average.dataSync()).toEqual(new Float32Array(10).fill(2));
    expect(clone.dataSync()).toEqual(new Float32Array(10).fill(1));
    expect(value.dataSync()).toEqual(new Float32Array(10).fill(3));
  });

  test('is seen by the next product of matrices, in batches too', () => {
    const average = tf.variable(tf.ones([2, 3, 3]));
    const x = tf.ones([2, 3, 3]);
    expect(new Set(tf.matMul(x, average).dataSync())).toEqual(new Set([3]));
    updateRunningAverage(average, x.mul(5), 0.5);
    expect(new Set(tf.matMul(x, average).dataSync())).toEqual(new Set([9]));
  });

  test('leaves no tensor behind', () => {
    const average = tf.variable(tf.ones([10]));
    const value = tf.ones([10]);
    const { numTensors, numBytes } = tf.memory();
    for (let i = 0; i < 5; i++) updateRunningAverage(average, value, 0.9);
    expect(tf.memory()).toMatchObject({ numTensors, numBytes });
  });
});
