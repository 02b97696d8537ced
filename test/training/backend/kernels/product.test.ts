/** Matrix products against a plain reference in double precision. */

import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';

import type { BackendOptions } from '../../../../training/backend/index.ts';
import { MAX_BLOCK_DEPTH } from '../../../../training/backend/wasm/abi.ts';
import { maxDifference, normals, product } from '../reference.ts';
import { started } from '../started.ts';

const transpositions = [
  [false, false],
  [true, false],
  [false, true],
  [true, true],
] as const;

/** Rows, columns, depth: from 1 to beyond each edge of a tile (5 × 16), a block (260 rows) and a chunk. */
const shapes = [
  [1, 1, 1],
  [1, 17, 3],
  [4, 15, 2],
  [5, 16, 4],
  [6, 17, 5],
  [131, 1, 7],
  [3, 65, MAX_BLOCK_DEPTH - 1],
  [7, 33, MAX_BLOCK_DEPTH + 1],
  [130, 31, MAX_BLOCK_DEPTH],
  [133, 81, 40],
  [261, 70, 513],
] as const;

function multiplied(
  [rows, columns, depth]: readonly [number, number, number],
  [transposeA, transposeB]: readonly [boolean, boolean],
): { ours: Float32Array; reference: Float64Array; depth: number } {
  const a = normals('a', rows * depth);
  const b = normals('b', columns * depth);
  const ours = tf.tidy(() =>
    tf
      .matMul(
        tf.tensor2d(a, transposeA ? [depth, rows] : [rows, depth]),
        tf.tensor2d(b, transposeB ? [columns, depth] : [depth, columns]),
        transposeA,
        transposeB,
      )
      .dataSync<'float32'>(),
  );
  const shape = { rows, columns, depth };
  return { ours, reference: product(a, b, shape, transposeA, transposeB), depth };
}

const variants: [string, Partial<BackendOptions>][] = [
  ['fused multiply-add, wide tiles', { relaxedSimd: true, wide: true }],
  ['fused multiply-add, narrow tiles', { relaxedSimd: true, wide: false }],
  ['plain SIMD, wide tiles', { relaxedSimd: false, wide: true }],
  ['plain SIMD, narrow tiles', { relaxedSimd: false, wide: false }],
];

describe.each(variants)('%s', (_, options) => {
  test.each([1, 2, 3, 4])('agrees with the reference on %i threads', async (threads) => {
    await started({ threads, relaxedSimd: true, ...options });
    for (const shape of shapes) {
      for (const transposition of transpositions) {
        const { ours, reference, depth } = multiplied(shape, transposition);
        // A sum of `depth` products of N(0, 1) grows with √depth; 2⁻²³ is float32's spacing at 1.
        const tolerance = 2 ** -23 * 4 * depth;
        expect(maxDifference(ours, reference), `${shape} ${transposition}`).toBeLessThan(tolerance);
      }
    }
  });
});

test('gives the same bits with any number of threads and either width of tiles', async () => {
  const results: Float32Array[] = [];
  for (const [threads, wide] of [
    [1, true],
    [1, false],
    [2, true],
    [3, false],
    [7, true],
  ] as const) {
    const backend = await started({ threads, relaxedSimd: true, wide });
    results.push(multiplied([261, 129, 700], [true, false]).ours);
    await backend.stop();
  }
  for (const result of results) expect(result).toEqual(results[0]);
});

describe('batches, bias and activations', () => {
  test.each([
    [
      [3, 4, 5],
      [3, 5, 6],
    ],
    [
      [3, 4, 5],
      [1, 5, 6],
    ],
    [
      [1, 4, 5],
      [3, 5, 6],
    ],
    [
      [4, 0],
      [0, 6],
    ],
  ])("multiplies %o by %o as tfjs's cpu backend does", async (shapeA, shapeB) => {
    const multiply = (): Float32Array =>
      tf.tidy(() => {
        const a = tf.tensor(normals('a', tf.util.sizeFromShape(shapeA)), shapeA);
        const b = tf.tensor(normals('b', tf.util.sizeFromShape(shapeB)), shapeB);
        return tf.matMul(a, b).dataSync<'float32'>();
      });
    await started({ threads: 2, relaxedSimd: true });
    const ours = multiply();
    await tf.setBackend('cpu');
    expect(maxDifference(ours, multiply())).toBeLessThan(1e-5);
  });

  test('broadcasts both batches at once', async () => {
    await started({ threads: 2, relaxedSimd: true });
    const [broadcast, tiled] = tf.tidy(() => {
      const a = tf.tensor4d(normals('a', 2 * 4 * 5), [2, 1, 4, 5]);
      const b = tf.tensor4d(normals('b', 3 * 5 * 6), [1, 3, 5, 6]);
      const both = [
        tf.matMul(a, b),
        tf.matMul(tf.tile(a, [1, 3, 1, 1]), tf.tile(b, [2, 1, 1, 1])),
      ] as const;
      expect(both[0].shape).toEqual([2, 3, 4, 6]);
      return both.map((result) => result.dataSync<'float32'>());
    });
    expect(broadcast).toEqual(tiled);
  });

  test.each(['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu', 'prelu'] as const)(
    "fuses a bias and %s as tfjs's cpu backend does",
    async (activation) => {
      const multiply = (): Float32Array =>
        tf.tidy(() =>
          tf.fused
            .matMul({
              a: tf.tensor2d(normals('a', 7 * 9), [7, 9]),
              b: tf.tensor2d(normals('b', 9 * 19), [9, 19]),
              bias: tf.tensor1d(normals('bias', 19)),
              activation,
              leakyreluAlpha: 0.3,
              ...(activation === 'prelu' && {
                preluActivationWeights: tf.tensor2d(normals('alpha', 19), [1, 19]),
              }),
            })
            .dataSync<'float32'>(),
        );
      await started({ threads: 2, relaxedSimd: true });
      const ours = multiply();
      await tf.setBackend('cpu');
      expect(maxDifference(ours, multiply())).toBeLessThan(1e-5);
    },
  );
});

test('a product of no depth is its bias, and a bias of another size is refused', async () => {
  await started({ threads: 2, relaxedSimd: true });
  tf.tidy(() => {
    const bias = tf.tensor1d([1, 2, 3]);
    const [a, b] = [tf.zeros<tf.Rank.R2>([2, 0]), tf.zeros<tf.Rank.R2>([0, 3])];
    expect([...tf.fused.matMul({ a, b, bias }).dataSync()]).toEqual([1, 2, 3, 1, 2, 3]);
    const ones = { a: tf.ones<tf.Rank.R2>([2, 4]), b: tf.ones<tf.Rank.R2>([4, 3]) };
    expect(() => tf.fused.matMul({ ...ones, bias: tf.tensor1d([1]) })).toThrow('shape [3]');
  });
});
