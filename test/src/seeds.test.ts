/** What a seed stands for, on the model that ships. */

import { expect, test } from 'vitest';

import { Random } from '../../src/sampler/random.ts';
import { latentOf } from '../../src/sampler/seed.ts';
import { shippedModel } from './golden.ts';

const SEEDS = 4000;
const { sampler } = shippedModel();
const digits = Array.from({ length: SEEDS }, (_, seed) => sampler.digit(`${seed}`));

test('seeds that differ in anything are different digits', () => {
  const seeds = [
    '0',
    '00',
    '7',
    '07',
    '7 ',
    ' 7',
    'seven',
    'Seven',
    ' ',
    '%20',
    '+',
    '👩‍🚀',
    '👩',
    '\u0000',
  ];
  const pictures = seeds.map((seed) => sampler.digit(seed).pixels.join());
  expect(new Set(pictures).size).toBe(seeds.length);
});

test('thousands of neighbouring seeds are just as many digits', () => {
  expect(new Set(digits.map(({ pixels }) => pixels.join())).size).toBe(SEEDS);
});

test('neighbouring seeds have unrelated latents', () => {
  const latents = Array.from({ length: SEEDS }, (_, seed) =>
    latentOf(Random.fromString(`${seed}`), 100),
  );
  for (const distance of [1, 2, 10, 100]) {
    const correlations = latents
      .slice(distance)
      .map((latent, i) => correlation(latent, latents[i]));
    const { mean, deviation } = momentsOf(correlations);
    // Of two independent latents of 100 numbers: mean 0, standard deviation 1 / √100.
    expect(Math.abs(mean)).toBeLessThan(0.01);
    expect(Math.abs(deviation - 0.1)).toBeLessThan(0.01);
    expect(Math.max(...correlations.map(Math.abs))).toBeLessThan(0.5);
  }
});

test('neighbouring seeds look no more alike than any others', () => {
  const far = likeness(1234);
  for (const distance of [1, 2, 10])
    expect(Math.abs(likeness(distance) / far - 1)).toBeLessThan(0.02);
});

test('the label of a seed says nothing about the next, and all come equally often', () => {
  const pairs = new Uint32Array(100);
  const counts = new Uint32Array(10);
  for (const [i, { label }] of digits.entries()) {
    counts[label!]++;
    if (i > 0) pairs[10 * digits[i - 1].label! + label!]++;
  }
  // 400 and 40 are expected, with standard deviations of 19 and 6.3.
  for (const count of counts) expect(Math.abs(count - 400)).toBeLessThan(5 * 19);
  for (const count of pairs) expect(Math.abs(count - 40)).toBeLessThan(5 * 6.3);
});

/** Mean absolute difference of the pixels of two seeds that are `distance` apart. */
function likeness(distance: number): number {
  let sum = 0;
  for (let i = 0; i + distance < SEEDS; i++) {
    const [a, b] = [digits[i].pixels, digits[i + distance].pixels];
    for (let p = 0; p < a.length; p++) sum += Math.abs(a[p] - b[p]);
  }
  return sum / (SEEDS - distance);
}

function correlation(a: Int16Array, b: Int16Array): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += a[i] * b[i];
    aa += a[i] * a[i];
    bb += b[i] * b[i];
  }
  return ab / Math.sqrt(aa * bb);
}

function momentsOf(numbers: readonly number[]): { mean: number; deviation: number } {
  const mean = numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
  const squares = numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / numbers.length) };
}
