import { describe, expect, test } from 'vitest';

import { normalQuantile, Random } from '../../../src/sampler/random.ts';

const draw = <T>(count: number, next: () => T): T[] => Array.from({ length: count }, next);

describe('xoshiro128**', () => {
  test('gives the published numbers from the state 1, 2, 3, 4', () => {
    const random = new Random(Uint32Array.of(1, 2, 3, 4));
    expect(draw(10, () => random.nextUint32())).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597,
      4258142804,
    ]);
  });

  test('goes on from a copied state, which is not shared', () => {
    const random = Random.fromString('a');
    random.nextUint32();
    const { state } = random;
    const copy = new Random(state);
    state.fill(1);
    expect(draw(5, () => copy.nextUint32())).toEqual(draw(5, () => random.nextUint32()));
  });

  test.each([[[0, 0, 0, 0]], [[1, 2, 3]], [[1, 2, 3, 4, 5]]])('rejects the state %j', (words) => {
    expect(() => new Random(Uint32Array.from(words))).toThrow(RangeError);
  });
});

describe('fromString', () => {
  test('reads the state from the SHA-256 of the text', () => {
    // printf abc | sha256sum: ba7816bf 8f01cfea 414140de 5dae2223 …
    expect([...Random.fromString('abc').state]).toEqual([
      0xbf1678ba, 0xeacf018f, 0xde404141, 0x2322ae5d,
    ]);
  });

  test('takes any Unicode as UTF-8, without normalization', () => {
    const texts = ['', 'é', 'e\u0301', '数字', '👩‍🚀', '\u0000', ' '];
    expect(new Set(texts.map((text) => Random.fromString(text).state.join())).size).toBe(
      texts.length,
    );
  });

  test('gives the same deviates on every engine', () => {
    const random = Random.fromString('digitmint');
    expect(draw(4, () => random.normal())).toEqual(GOLDEN_NORMALS);
  });

  test('gives unrelated deviates for neighbouring texts', () => {
    const rows = draw(2000, () => 0).map((_, i) => {
      const [a, b] = [Random.fromString(`${i}`), Random.fromString(`${i + 1}`)];
      return { a: a.normal(), b: b.normal() };
    });
    const correlation = rows.reduce((sum, { a, b }) => sum + a * b, 0) / rows.length;
    expect(Math.abs(correlation)).toBeLessThan(4 / Math.sqrt(rows.length));
  });
});

describe('nextFloat64', () => {
  test('is uniform in (0, 1) and never at its ends', () => {
    // The state 0, 0, 0, 1 gives 0 twice: the smallest number there is.
    expect(new Random(Uint32Array.of(0, 0, 0, 1)).nextFloat64()).toBe(2 ** -53);
    const random = Random.fromString('uniform');
    const sample = Float64Array.from({ length: 10_000 }, () => random.nextFloat64()).toSorted();
    const distance = sample.reduce(
      (worst, u, rank) => Math.max(worst, (rank + 1) / 10_000 - u, u - rank / 10_000),
      0,
    );
    expect(distance).toBeLessThan(1.95 / Math.sqrt(10_000));
  });
});

describe('normalQuantile', () => {
  // Python's statistics.NormalDist().inv_cdf, and Wichura's own check values 0.25, 0.001, 1e-20.
  test.each([
    [0.25, -0.6744897501960817],
    [0.001, -3.090232306167813],
    [1e-20, -9.262340089798405],
    [0.5, 0],
    [0.075, -1.4395314709384557],
    [0.0749, -1.4402382675279632],
    [0.97, 1.8807936081512504],
    [0.999999, 4.753424308817089],
    [1e-11, -6.706023155495136],
    [2 ** -53, -8.209536151601386],
  ])('of %d is %d', (probability, expected) => {
    expect(Math.abs(normalQuantile(probability) - expected)).toBeLessThan(
      4e-15 * Math.max(1, Math.abs(expected)),
    );
  });

  test('is odd around 1/2', () => {
    for (const p of [2 ** -40, 2 ** -7, 0.125, 0.375]) {
      expect(normalQuantile(1 - p)).toBe(-normalQuantile(p));
    }
  });
});

describe('normal', () => {
  const COUNT = 200_000;
  const random = Random.fromString('normal');
  const sample = Float64Array.from({ length: COUNT }, () => random.normal()).toSorted();
  const moment = (power: number) => sample.reduce((sum, z) => sum + z ** power, 0) / COUNT;

  // A moment's standard error is √((2k − 1)!! …/ n): mean 1/√n, variance √(2/n), third √(15/n), fourth √(96/n).
  test.each([
    [1, 0, 1],
    [2, 1, 2],
    [3, 0, 15],
    [4, 3, 96],
  ])('has moment %d of N(0, 1), %d', (power, expected, variance) => {
    expect(Math.abs(moment(power) - expected)).toBeLessThan(4 * Math.sqrt(variance / COUNT));
  });

  test('is distributed as N(0, 1) by Kolmogorov and Smirnov', () => {
    const distance = sample.reduce((worst, z, rank) => {
      const cdf = normalCdf(z);
      return Math.max(worst, (rank + 1) / COUNT - cdf, cdf - rank / COUNT);
    }, 0);
    expect(distance).toBeLessThan(1.95 / Math.sqrt(COUNT)); // 0.1 % of true samples lie beyond
  });

  test.each([2, 3, 4])('has the tails of N(0, 1) beyond %d', (bound) => {
    const expected = normalCdf(-bound) * COUNT;
    const below = sample.filter((z) => z < -bound).length;
    const above = sample.filter((z) => z > bound).length;
    expect(Math.abs(below - expected)).toBeLessThan(4 * Math.sqrt(expected));
    expect(Math.abs(above - expected)).toBeLessThan(4 * Math.sqrt(expected));
  });

  test('has no correlation from one deviate to the next', () => {
    const next = Random.fromString('pairs');
    const pairs = draw(50_000, () => next.normal() * next.normal());
    const mean = pairs.reduce((sum, product) => sum + product, 0) / pairs.length;
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(pairs.length));
  });
});

const density = (t: number) => Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI);

/** Φ(x) by the trapezoidal rule, whose error on so smooth a function is far below what is tested. */
function normalCdf(x: number): number {
  const STEPS = 400;
  const step = x / STEPS;
  let sum = (density(0) + density(x)) / 2;
  for (let i = 1; i < STEPS; i++) sum += density(i * step);
  return 0.5 + sum * step;
}

/** What Random.fromString('digitmint') has given since version 1: a change breaks every permalink. */
const GOLDEN_NORMALS = [
  0.34679109804711533, 0.5036669851125358, 1.1605302873650898, 0.4405855294835282,
];
