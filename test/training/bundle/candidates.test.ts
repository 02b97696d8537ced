/** However rarely a classifier is sure, digits take no more draws than a request has time for. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { createModel } from '../../../src/weights/model.ts';
import { readPacked } from '../../../src/weights/packed.ts';
import {
  boundOf,
  MAX_DRAWS_PER_DIGIT,
  maxCandidatesOf,
} from '../../../training/bundle/candidates.ts';
import { loadKernel } from '../../../training/bundle/engine.ts';
import { packModel } from '../../../training/bundle/packing.ts';
import { CONDITIONAL, packedOf, randomClassifier, randomNetwork } from './networks.ts';

const ROOT = join(import.meta.dirname, '../../..');
const SEEDS = Array.from({ length: 200 }, (_, i) => `seed ${i}`);

const read = (path: string) => ({ path, bytes: readFileSync(join(ROOT, path)) });

/** How many candidates digits take on average, by drawing them. */
function taken(file: Uint8Array, label?: number): number {
  const { sampler } = createModel(loadKernel(), file);
  const digits = sampler.digits(SEEDS, label === undefined ? {} : { label });
  return digits.reduce((sum, { candidates }) => sum + candidates, 0) / digits.length;
}

describe('a bound on candidates', () => {
  test.each([
    [1, 2.56, 64],
    [0.4, 2.56, 64],
    [0.38, 2.56, 7],
    [0.2, 2.56, 3],
    [0, 2.56, 2],
    [0, 25.6, 25],
    [0.05, 25.6, 64],
    [0, 0.5, 1],
  ])('of a share of %f that is sure, for %f draws, is %i', (share, maxDraws, bound) => {
    expect(boundOf(share, maxDraws)).toBe(bound);
  });
});

test.each([
  ['plain', randomNetwork([100, 24, 784], 'plain'), MAX_DRAWS_PER_DIGIT * 10],
  ['conditional', randomNetwork([110, 24, 784], 'conditional', CONDITIONAL), MAX_DRAWS_PER_DIGIT],
])('a model that is rarely sure draws few candidates: %s', (_, generator, maxDraws) => {
  const [free, bounded] = [undefined, maxCandidatesOf].map((bound) =>
    packedOf(generator, randomClassifier(), bound),
  );
  expect(taken(free)).toBeGreaterThan(2 * MAX_DRAWS_PER_DIGIT);
  expect(taken(bounded)).toBeLessThan(1.1 * MAX_DRAWS_PER_DIGIT);
  for (const label of [0, 4, 9]) expect(taken(bounded, label)).toBeLessThan(1.2 * maxDraws);
  // Digits are others, so the model is another.
  expect(readPacked(bounded).hash).not.toBe(readPacked(free).hash);
});

test('a digit is the same alone and in a series, whatever the bound', () => {
  const generator = randomNetwork([110, 24, 784], 'conditional', CONDITIONAL);
  const file = packedOf(generator, randomClassifier(), maxCandidatesOf);
  const { sampler } = createModel(loadKernel(), file);
  const alone = SEEDS.slice(0, 20).map((seed) => sampler.digit(seed).pixels.slice());
  expect(
    sampler
      .digits(SEEDS)
      .slice(0, 20)
      .map(({ pixels }) => pixels),
  ).toEqual(alone);
});

test('without a classifier, no candidate is looked at', () => {
  const generator = randomNetwork([100, 784]);
  const [free, bounded] = [undefined, maxCandidatesOf].map((bound) =>
    packedOf(generator, undefined, bound),
  );
  expect(bounded).toEqual(free);
});

test.each(['weights/generator.safetensors', 'weights/plain/epoch-0400.safetensors'])(
  '%s looks at as many candidates as any',
  (path) => {
    const classifier = read('weights/classifier.safetensors');
    const packed = readPacked(packModel(read(path), classifier, maxCandidatesOf));
    expect(packed.maxCandidates).toBeUndefined();
  },
);
