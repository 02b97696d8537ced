import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';

import { Random } from '../../../src/sampler/random.ts';
import { manifoldOf, precisionAndRecall } from '../../../training/evaluation/precision-recall.ts';

beforeAll(() => tf.setBackend('cpu'));

/** A point in the plane. */
type Point = readonly [number, number];

/** Forty points within 1 of each centre. */
function cluster(seed: string, ...centres: readonly Point[]): Float32Array {
  const random = Random.fromString(seed);
  return Float32Array.from(
    centres.flatMap(([x, y]) =>
      Array.from({ length: 40 }, () => {
        const [angle, radius] = [2 * Math.PI * random.nextFloat64(), random.nextFloat64()];
        return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
      }).flat(),
    ),
  );
}

const [LEFT, RIGHT, ELSEWHERE]: Point[] = [
  [-10, 0],
  [10, 0],
  [0, 50],
];

function compare(real: Float32Array, generated: Float32Array) {
  return precisionAndRecall(manifoldOf(real, 2), manifoldOf(generated, 2));
}

describe('precision and recall of clusters that one can see', () => {
  const real = cluster('real', LEFT, RIGHT);

  test('the same points: all of both', () => {
    expect(compare(real, real)).toEqual({ precision: 1, recall: 1 });
  });

  test('other points of the same clusters: most of both', () => {
    const { precision, recall } = compare(real, cluster('other', LEFT, RIGHT));
    expect(precision).toBeGreaterThan(0.8);
    expect(recall).toBeGreaterThan(0.8);
  });

  test('one of two clusters: precise, but half is missing', () => {
    const { precision, recall } = compare(real, cluster('other', LEFT));
    expect(precision).toBeGreaterThan(0.8);
    expect(recall).toBeLessThanOrEqual(0.5);
    expect(recall).toBeGreaterThan(0.3);
  });

  test('a cluster too many: nothing is missing, but a third is wrong', () => {
    const { precision, recall } = compare(real, cluster('other', LEFT, RIGHT, ELSEWHERE));
    expect(precision).toBeLessThanOrEqual(2 / 3);
    expect(precision).toBeGreaterThan(0.5);
    expect(recall).toBeGreaterThan(0.8);
  });

  test('only somewhere else: neither', () => {
    expect(compare(real, cluster('other', ELSEWHERE))).toEqual({ precision: 0, recall: 0 });
  });
});

test('a ball reaches to the third neighbour', () => {
  // Points on a line; radii are squared.
  const { radii } = manifoldOf(Float32Array.of(0, 1, 3, 7), 1);
  expect([...radii]).toEqual([7, 6, 4, 7].map((x) => x * x));
});

test('leaves nothing in the memory of tfjs', () => {
  const points = cluster('real', LEFT);
  const before = tf.memory().numTensors;
  compare(points, points);
  expect(tf.memory().numTensors).toBe(before);
});
