import { expect, test } from 'vitest';

import { Random } from '../../../src/sampler/random.ts';
import { unitsOf } from '../../../training/quantization/activations.ts';

const COUNT = 1000;
const random = Random.fromString('activations');

/** One column a channel. */
function columns(...draws: readonly (() => number)[]): Float32Array {
  return Float32Array.from({ length: COUNT * draws.length }, (_, at) => draws[at % draws.length]());
}

test('a channel between two bounds uses all of its 7 bits', () => {
  const { unit, zero } = unitsOf(
    columns(() => -1 + 4 * random.nextFloat64()),
    1,
  );
  expect(unit[0]).toBeCloseTo(4 / 127, 3);
  expect(zero[0]).toBe(32);
});

test('each channel has a unit and a zero of its own; what is never negative starts at 0', () => {
  const { unit, zero } = unitsOf(
    columns(
      () => random.nextFloat64(),
      () => 100 * random.nextFloat64(),
      () => -random.nextFloat64(),
    ),
    3,
  );
  expect(unit[1] / unit[0]).toBeCloseTo(100, -1);
  expect([...zero]).toEqual([0, 0, 127]);
});

test('a channel that is always 0 is shown as 0', () => {
  const { unit, zero } = unitsOf(new Float32Array(COUNT), 1);
  expect(unit[0]).toBeGreaterThan(0);
  expect(zero[0]).toBe(0);
});
