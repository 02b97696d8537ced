import { describe, expect, test } from 'vitest';

import { batchOf } from '../../../training/data/batches.ts';
import { LIKE_MNIST } from '../helpers.ts';

describe('a batch', () => {
  test('is its images scaled to −1…1, in the order of the indices, repeated if they are', () => {
    const images = new Uint8Array(3 * 784);
    images.fill(255, 784, 2 * 784);
    images.fill(51, 2 * 784);
    const labels = new Uint8Array(3);
    const dataset = { ...LIKE_MNIST, name: '', count: 3, images, labels, sha256: '' };
    const batch = batchOf(dataset, Uint32Array.of(2, 0, 1, 2));
    expect(batch).toHaveLength(4 * 784);
    const rows = [0, 1, 2, 3].map((i) => new Set(batch.subarray(i * 784, (i + 1) * 784)));
    const third = Math.fround((51 - 127.5) / 127.5);
    expect(rows).toEqual([new Set([third]), new Set([-1]), new Set([1]), new Set([third])]);
  });
});
