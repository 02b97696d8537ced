/** The directions along which a generator's pictures change most, against their definition. */

import { describe, expect, test } from 'vitest';

import { directionsOf } from '../../../training/bundle/directions.ts';
import { type Network, readNetwork } from '../../../training/bundle/network.ts';
import { parsed, randomNetwork } from './networks.ts';

const LATENT = 24;
const unlabelled = readNetwork(parsed(randomNetwork([LATENT, 40, 784])));
const labelled = readNetwork(
  parsed(
    randomNetwork([LATENT + 10, 40, 784], 'labelled', {
      kind: 'generator',
      last: 'tanh',
      inputFractionBits: 12,
      classes: 10,
    }),
  ),
);

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, x, i) => sum + x * b[i], 0);

/** W₁ᵀ(W₁v), by definition. */
function gramTimes({ layers: [{ inputs, outputs, weights, multipliers }] }: Network, v: number[]) {
  const result = v.map(() => 0);
  for (let row = 0; row < outputs; row++) {
    const w = v.map((_, i) => multipliers[row] * weights[row * inputs + i]);
    const along = dot(w, v);
    for (const i of result.keys()) result[i] += along * w[i];
  }
  return result;
}

/** How far the first layer's output moves on a step of length 1. */
const gainOf = (network: Network, v: ArrayLike<number>) =>
  Math.sqrt(dot(gramTimes(network, Array.from(v)), v));

describe.each([
  ['an unlabelled generator', unlabelled],
  ['a labelled generator, whose classes are left out', labelled],
])('the directions of %s', (_, network) => {
  const directions = directionsOf(network, LATENT);

  test('are as long as the latent, of length 1, at right angles', () => {
    expect(directions.map(({ length }) => length)).toEqual(directions.map(() => LATENT));
    for (const [i, a] of directions.entries()) {
      for (const [j, b] of directions.entries()) expect(dot(a, b)).toBeCloseTo(i === j ? 1 : 0, 6);
    }
  });

  test('are eigenvectors, the strongest first', () => {
    const gains = directions.map((v) => gainOf(network, v));
    expect(gains).toEqual(gains.toSorted((a, b) => b - a));
    for (const [index, v] of directions.entries()) {
      const image = gramTimes(network, Array.from(v));
      const rest = image.map((x, i) => x - v[i] * gains[index] ** 2);
      expect(Math.sqrt(dot(rest, rest))).toBeLessThan(1e-5 * gains[0] ** 2);
    }
  });

  test('do not depend on how many of them are requested', () => {
    expect(directionsOf(network, 6)).toEqual(directions.slice(0, 6));
  });

  test('point to where their largest number is positive', () => {
    for (const v of directions) {
      expect(Math.max(...v)).toBe(Math.max(...Array.from(v, Math.abs)));
    }
  });
});

test('a diagonal first layer has the axes for directions', () => {
  const network = {
    ...unlabelled,
    layers: [
      {
        ...unlabelled.layers[0],
        inputs: 3,
        outputs: 3,
        weights: Int8Array.of(2, 0, 0, 0, -9, 0, 0, 0, 5),
        multipliers: Float32Array.of(1, 1, 1),
      },
    ],
  };
  const [first, second] = directionsOf(network, 2).map((v) => Array.from(v, Math.abs));
  for (const [i, x] of [0, 1, 0].entries()) expect(first[i]).toBeCloseTo(x, 7);
  for (const [i, x] of [0, 0, 1].entries()) expect(second[i]).toBeCloseTo(x, 7);
});
