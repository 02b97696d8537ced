import { describe, expect, test } from 'vitest';

import { Random } from '../../../src/sampler/random.ts';
import { frechetDistance } from '../../../training/evaluation/frechet.ts';
import { type Moments, momentsOf } from '../../../training/quantization/linear-algebra.ts';

function gaussian(mean: readonly number[], covariance: readonly number[]): Moments {
  return { mean: Float64Array.from(mean), covariance: Float64Array.from(covariance) };
}

describe('the Fréchet distance of Gaussians whose distance is known', () => {
  test.each([
    ['shifted: the square of the way', gaussian([0], [1]), gaussian([3], [1]), 9],
    ['wider: the square of the difference in width', gaussian([0], [4]), gaussian([0], [25]), 9],
    [
      'along their axes: the sum of both',
      gaussian([1, 2], [1, 0, 0, 4]),
      gaussian([1, 4], [9, 0, 0, 16]),
      4 + 4 + 4,
    ],
    [
      'in no common axes: by the square root of a product of 2 × 2 matrices',
      gaussian([0, 0], [2, 1, 1, 3]),
      gaussian([0, 0], [4, -1, -1, 1]),
      // tr √M = √(tr M + 2√det M), with M = Σ₁Σ₂ of trace 9 and determinant 15
      5 + 5 - 2 * Math.sqrt(9 + 2 * Math.sqrt(15)),
    ],
    ['a point and a cloud: all of its width', gaussian([0], [0]), gaussian([0], [7]), 7],
  ])('%s', (_, a, b, distance) => {
    expect(frechetDistance(a, b)).toBeCloseTo(distance, 10);
    expect(frechetDistance(b, a)).toBeCloseTo(distance, 10);
  });
});

describe('the Fréchet distance of sets', () => {
  const size = 16;
  const random = Random.fromString('points');
  const points = Float32Array.from({ length: 500 * size }, () => random.normal());
  const moments = momentsOf(points, size);

  test('is 0 for the same set, also if it does not fill its space', () => {
    expect(frechetDistance(moments, momentsOf(points, size))).toBeCloseTo(0, 9);
    const flat = momentsOf(points.subarray(0, 5 * size), size);
    expect(frechetDistance(flat, flat)).toBeCloseTo(0, 6);
  });

  test('is small for more of the same, and grows with noise', () => {
    const more = Float32Array.from({ length: 500 * size }, () => random.normal());
    const noise = Float32Array.from(points, () => random.normal());
    const distances = [0, 0.25, 0.5, 1, 2].map((share) =>
      frechetDistance(
        moments,
        momentsOf(
          more.map((x, i) => x + share * noise[i]),
          size,
        ),
      ),
    );
    expect(distances[0]).toBeLessThan(0.5);
    expect(distances).toEqual(distances.toSorted((a, b) => a - b));
    expect(distances[4]).toBeGreaterThan(20);
  });
});
