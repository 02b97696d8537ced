/** The layout that host and kernels share: what must not overlap does not, and everything fits. */

import { describe, expect, test } from 'vitest';

import * as abi from '../../../../training/backend/wasm/abi.ts';

/** The values of the constants whose names begin so. */
function valuesOf(prefixes: readonly string[]): number[] {
  return Object.entries(abi)
    .filter(([name]) => prefixes.some((prefix) => name.startsWith(prefix)))
    .map(([, value]) => value);
}

const OPERATIONS = [
  abi.PRODUCT,
  abi.LEAKY_RELU,
  abi.LEAKY_RELU_GRADIENT,
  abi.TANH,
  abi.TANH_GRADIENT,
  abi.MULTIPLY,
  abi.SUM,
  abi.DROPOUT,
  abi.ADAM,
  abi.RUNNING_AVERAGE,
];

test('every operation has a number of its own', () => {
  expect(new Set(OPERATIONS).size).toBe(OPERATIONS.length);
});

describe.each([
  ['PRODUCT', ['PRODUCT_']],
  ['LEAKY_RELU', ['MAP_', 'LEAKY_RELU_ALPHA']],
  ['DROPOUT', ['MAP_', 'DROPOUT_']],
  ['SUM', ['SUM_']],
  ['ADAM', ['ADAM_']],
  ['RUNNING_AVERAGE', ['AVERAGE_']],
])('the arguments of %s', (_, prefixes) => {
  const slots = valuesOf(prefixes);

  test('have slots of their own', () => {
    expect(slots.toSorted((a, b) => a - b)).toEqual([...slots.keys()]);
  });

  test('fit into the control block', () => {
    expect(slots.length).toBeLessThanOrEqual(abi.MAX_ARGUMENTS);
    expect(abi.ARGUMENTS + abi.MAX_ARGUMENTS).toBeLessThanOrEqual(abi.CONTROL_WORDS);
  });
});

test('words that threads wait for or count with lie on cache lines of their own', () => {
  const lines = [
    abi.GENERATION,
    abi.WORKING,
    abi.ARRIVED,
    abi.PASSED,
    abi.COUNTERS,
    abi.COUNTERS + abi.COUNTER_WORDS,
    abi.STATE,
    abi.OPERATION,
  ].map((word) => Math.floor((word * abi.WORD_BYTES) / 64));
  expect(new Set(lines).size).toBe(lines.length);
});
