import { expect, test } from 'vitest';

import { Random } from '../../../src/sampler/random.ts';
import { latentOf, withClass } from '../../../src/sampler/seed.ts';
import { walk } from '../../../src/sampler/walk.ts';

const random = Random.fromString('walk');
const [from, to] = [
  withClass(latentOf(random, 100), 3, 10),
  withClass(latentOf(random, 100), 8, 10),
];
const norm = (point: Int16Array) =>
  Math.sqrt(point.subarray(0, 100).reduce((sum, x) => sum + x * x, 0));

test('begins and ends where it is told, to the bit', () => {
  for (const count of [2, 3, 32, 64]) {
    const points = walk(from, to, 100, count);
    expect(points).toHaveLength(count);
    expect(points[0]).toEqual(from);
    expect(points.at(-1)).toEqual(to);
  }
});

test('goes in small steps, at lengths between those of its ends', () => {
  const points = walk(from, to, 100, 33);
  const [shortest, longest] = [norm(from), norm(to)].toSorted((a, b) => a - b);
  for (const [i, point] of points.entries()) {
    expect(norm(point)).toBeGreaterThan(shortest - 10);
    expect(norm(point)).toBeLessThan(longest + 10);
    if (i === 0) continue;
    const step = point.map((x, j) => x - points[i - 1][j]);
    expect(norm(step)).toBeLessThan((3 * longest) / 32);
  }
  // Half-way, half of each class.
  expect([...points[16].subarray(100)]).toEqual([0, 0, 0, 2048, 0, 0, 0, 0, 2048, 0]);
});

test('passes through the middle of two opposite points', () => {
  const there = Int16Array.of(1000, -2000);
  const back = Int16Array.of(-1000, 2000);
  expect(walk(there, back, 2, 3).map((point) => [...point])).toEqual([
    [1000, -2000],
    [0, 0],
    [-1000, 2000],
  ]);
});
