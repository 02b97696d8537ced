/** Dropout on our backend and on tfjs's, and the masks that a key gives. */

import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';

import { dropout, dropoutMask } from '../../../../training/backend/index.ts';
import { maxDifference, normals } from '../reference.ts';
import { BACKENDS, use } from '../started.ts';

describe.each(BACKENDS)('on backend %s', (name) => {
  test('dropout multiplies with the mask of its key, forwards and backwards', async () => {
    await use(name);
    for (const size of [1, 4, 5, 8191, 8193, 20_002]) {
      const key = [size * 7919, 0xdeadbeef] as const;
      const mask = dropoutMask(size, 0.3, key);
      const x = normals('x', size);
      const y = tf.tidy(() => dropout(tf.tensor1d(x), 0.3, key).dataSync<'float32'>());
      expect(
        maxDifference(
          y,
          x.map((value, index) => value * mask[index]),
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
});

test('dropout refuses a rate of 1, and integers', async () => {
  await use('wasm');
  expect(() => dropout(tf.ones([3]), 1, [1, 2])).toThrow('below 1');
  expect(() => dropout(tf.ones([3], 'int32'), 0.5, [1, 2])).toThrow('float32');
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
      const other = dropoutMask(size, 0.5, [key, key2]);
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
