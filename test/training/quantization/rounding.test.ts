import { describe, expect, test } from 'vitest';

import { Random } from '../../../src/sampler/random.ts';
import { momentsOf } from '../../../training/quantization/linear-algebra.ts';
import { roundWeights } from '../../../training/quantization/rounding.ts';

const INPUTS = 24;
const OUTPUTS = 8;
const random = Random.fromString('rounding');
const weight = Float32Array.from({ length: INPUTS * OUTPUTS }, () => random.normal());

/** Inputs that go together: each is a mix of a few numbers. */
const correlated = Float32Array.from({ length: 400 }, () => 0).reduce<number[]>((batch) => {
  const causes = Array.from({ length: 4 }, () => random.normal());
  for (let i = 0; i < INPUTS; i++) batch.push(causes[i % 4] + 0.2 * random.normal());
  return batch;
}, []);
const { covariance } = momentsOf(Float32Array.from(correlated), INPUTS);
const independent = Float64Array.from(covariance, (x, at) => (at % (INPUTS + 1) === 0 ? x : 0));

/** The expected squared error of all sums. */
function errorOf(rounded: { readonly weight: Int8Array; readonly scale: Float32Array }): number {
  let sum = 0;
  for (let o = 0; o < OUTPUTS; o++) {
    const errors = Array.from(
      { length: INPUTS },
      (_, i) => weight[o * INPUTS + i] - rounded.weight[o * INPUTS + i] * rounded.scale[o],
    );
    for (const [i, a] of errors.entries()) {
      for (const [j, b] of errors.entries()) sum += a * b * covariance[i * INPUTS + j];
    }
  }
  return sum;
}

describe('rounding', () => {
  test('of independent inputs goes to the nearest whole number', () => {
    const { weight: whole, scale } = roundWeights(weight, independent, 63);
    for (const [at, w] of whole.entries()) {
      const exact = weight[at] / scale[Math.floor(at / INPUTS)];
      if (Math.abs(exact) < 62.5) expect(Math.abs(w - exact)).toBeLessThanOrEqual(0.5001);
      else expect(Math.abs(w)).toBe(63);
    }
  });

  test('makes up for its errors where inputs go together', () => {
    const plain = errorOf(roundWeights(weight, independent, 7));
    const compensated = errorOf(roundWeights(weight, covariance, 7));
    expect(compensated).toBeLessThan(0.5 * plain);
  });

  test('leaves out an input that never varies', () => {
    const without = covariance.map((x, at) =>
      at % INPUTS === 5 || Math.floor(at / INPUTS) === 5 ? 0 : x,
    );
    const { weight: whole } = roundWeights(weight, without, 63);
    expect(whole.filter((_, at) => at % INPUTS === 5).every((w) => w === 0)).toBe(true);
    expect(whole.filter((w) => w === 0).length).toBeLessThan(2 * OUTPUTS);
  });

  test('of a row of zeros is zeros', () => {
    const zeros = roundWeights(new Float32Array(INPUTS), covariance, 63);
    expect([...zeros.weight]).toEqual(Array.from({ length: INPUTS }, () => 0));
    expect([...zeros.scale]).toEqual([1]);
  });
});
