import { describe, expect, test } from 'vitest';

import { averageDecay, learningRateFactor } from '../../../training/gan/schedule.ts';

const LENGTH = { epochs: 5, stepsPerEpoch: 4 };

/** The factor in each step of a run of 20 steps. */
function factors(lrDecay: number): number[] {
  return Array.from({ length: 20 }, (_, done) => learningRateFactor(done, { ...LENGTH, lrDecay }));
}

describe('learning rates', () => {
  test('stay as they are if no share of the run is named', () => {
    expect(factors(0)).toEqual(Array(20).fill(1));
  });

  test('fall in a straight line over the last half of the run', () => {
    const falling = [1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1];
    expect(factors(0.5)).toEqual([...Array<number>(10).fill(1), ...falling]);
  });

  test('fall from the first step on over a whole run', () => {
    expect(factors(1)).toEqual(Array.from({ length: 20 }, (_, done) => (20 - done) / 20));
  });

  test.each([0.01, 0.07, 0.3, 1 / 3, 0.7, 0.9, 0.99])(
    'never rise, and reach 0 in no step, over a share of %d',
    (lrDecay) => {
      const found = factors(lrDecay);
      expect(found[0]).toBe(1);
      for (const [step, factor] of found.entries()) {
        expect(factor).toBeGreaterThan(0);
        expect(factor).toBeLessThanOrEqual(found[step - 1] ?? 1);
      }
    },
  );
});

describe("the average's decay", () => {
  test('rises with the steps, up to the one asked for', () => {
    expect([0, 1, 8, 890, 8980].map((done) => averageDecay(done, 0.99))).toEqual([
      1 / 10,
      2 / 11,
      9 / 18,
      891 / 900,
      0.99,
    ]);
    expect(averageDecay(0, 0.05)).toBe(0.05);
  });
});
