import { expect, test } from 'vitest';

import { MAX_LATENT, withClass } from '../../../src/sampler/seed.ts';
import { steer } from '../../../src/sampler/steer.ts';

const latent = Int16Array.of(100, -200, 300);
const directions = [
  [10, 0, -5],
  [0, 3, 4],
];

test('without an amount, an input stays where it is', () => {
  expect(steer(latent, directions, [0, 0])).toEqual(latent);
});

test('an input moves along each direction by its amount, and the one it started from is kept', () => {
  expect(steer(latent, directions, [2, -1])).toEqual(Int16Array.of(120, -203, 286));
  expect(latent).toEqual(Int16Array.of(100, -200, 300));
});

test('parts of a unit are summed before they are rounded', () => {
  expect(steer(Int16Array.of(0), [[1], [1]], [0.3, 0.3])).toEqual(Int16Array.of(1));
});

test('no number leaves the range of a latent', () => {
  const far = steer(latent, [[1, -1, 0]], [1e6]);
  expect(far).toEqual(Int16Array.of(MAX_LATENT, -MAX_LATENT, 300));
});

test('the class behind a latent stays', () => {
  const input = withClass(latent, 7, 10);
  const moved = steer(input, directions, [2, -1]);
  expect(moved.subarray(0, 3)).toEqual(Int16Array.of(120, -203, 286));
  expect(moved.subarray(3)).toEqual(input.subarray(3));
});
