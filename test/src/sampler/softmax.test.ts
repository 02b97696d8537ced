import { describe, expect, test } from 'vitest';

import { Random } from '../../../src/sampler/random.ts';
import { exponential, softmax } from '../../../src/sampler/softmax.ts';

describe('e to the power of x', () => {
  test('is that of Math.exp to 1 part in 10¹⁴, from −60 to 0', () => {
    for (let x = -60; x <= 0; x += 1 / 512) {
      expect(Math.abs(exponential(x) / Math.exp(x) - 1)).toBeLessThan(1e-14);
    }
    expect(exponential(0)).toBe(1);
  });

  test.each([-60.001, -1e30, -Infinity, Number.NaN])('of %d is taken for 0', (x) => {
    expect(exponential(x)).toBe(0);
  });
});

describe('softmax', () => {
  test('gives probabilities that follow the logits', () => {
    const random = Random.fromString('logits');
    for (let i = 0; i < 100; i++) {
      const logits = Float32Array.from({ length: 10 }, () => 10 * random.normal());
      const expected = Array.from(logits, (logit) => Math.exp(logit));
      const total = expected.reduce((sum, power) => sum + power);
      const found = softmax(logits);
      for (const [label, probability] of found.entries()) {
        expect(probability).toBeCloseTo(expected[label] / total, 12);
      }
    }
  });

  test('takes logits of any size', () => {
    expect([...softmax(Float32Array.of(3e38, -3e38, 0))]).toEqual([1, 0, 0]);
    expect([...softmax(Float32Array.of(-3e38, -3e38))]).toEqual([0.5, 0.5]);
  });
});
