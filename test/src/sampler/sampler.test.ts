import { describe, expect, test } from 'vitest';

import { createEngine, type Engine } from '../../../src/sampler/engine.ts';
import { type Layout } from '../../../src/sampler/layout.ts';
import { Random } from '../../../src/sampler/random.ts';
import { createSampler, MAX_CANDIDATES, type Sampler } from '../../../src/sampler/sampler.ts';
import { latentOf, seedInSeries, withClass } from '../../../src/sampler/seed.ts';
import { createModel } from '../../../src/weights/model.ts';
import { loadKernel } from '../../../training/bundle/engine.ts';
import { layOut } from '../../../training/bundle/layout.ts';
import { readNetwork } from '../../../training/bundle/network.ts';
import {
  CONDITIONAL,
  packedOf,
  parsed,
  randomClassifier,
  randomNetwork,
} from '../../training/bundle/networks.ts';

const kernel = loadKernel();
const plain = randomNetwork([100, 20, 784]);
const labelled = randomNetwork([110, 20, 784], 'labelled', CONDITIONAL);
const layouts = {
  plain: layOut([plain, randomClassifier()].map((parts) => readNetwork(parsed(parts)))).layout,
  labelled: layOut([labelled, randomClassifier()].map((parts) => readNetwork(parsed(parts))))
    .layout,
};

/** A generator that paints how often it was asked, and a classifier with these probabilities, one after the other. */
function scripted(
  layout: Layout,
  verdicts: readonly number[][],
): Sampler & { inputs: Int16Array[] } {
  const inputs: Int16Array[] = [];
  const engine: Engine = {
    draw: (latents) =>
      latents.map((latent) => {
        inputs.push(latent);
        return new Uint8Array(784).fill(inputs.length);
      }),
    classify: (pictures) =>
      pictures.map(([count]) => {
        const probabilities = verdicts[Math.min(count, verdicts.length) - 1];
        return Float32Array.from(probabilities, Math.log);
      }),
  };
  return { ...createSampler(engine, layout), inputs };
}

/** Probabilities of ten classes: one has `probability`, the others share the rest. */
function verdict(label: number, probability: number): number[] {
  return Array.from({ length: 10 }, (_, i) => (i === label ? probability : (1 - probability) / 9));
}

describe('of a labelled generator', () => {
  test('the class is the one asked for, told to each candidate', () => {
    const sampler = scripted(layouts.labelled, [verdict(3, 0.5), verdict(7, 0.95)]);
    const digit = sampler.digit('seed', { label: 7 });
    expect(digit).toMatchObject({ label: 7, candidates: 2 });
    expect(digit.confidence).toBeCloseTo(0.95, 6);
    expect(digit.pixels[0]).toBe(2);
    const random = Random.fromString('seed');
    random.below(10);
    for (const input of sampler.inputs) {
      expect(input).toEqual(withClass(latentOf(random, 100), 7, 10));
    }
  });

  test('the class is drawn from the seed where none is asked for, each as often', () => {
    const counts = new Uint32Array(10);
    for (let i = 0; i < 2000; i++) {
      counts[scripted(layouts.labelled, [verdict(0, 0.5)]).digit(`${i}`, { raw: true }).label!]++;
    }
    for (const count of counts) expect(Math.abs(count - 200)).toBeLessThan(5 * 14);
  });

  test('the confidence is that of the class, not of what the classifier reads', () => {
    const sampler = scripted(layouts.labelled, [verdict(3, 0.95)]);
    const { label, confidence } = sampler.digit('seed', { label: 5, raw: true });
    expect(label).toBe(5);
    expect(confidence).toBeCloseTo(0.05 / 9, 6);
  });

  test('the latents are the same for every class', () => {
    const latents = Array.from({ length: 10 }, (_, label) => {
      const { input } = scripted(layouts.labelled, [verdict(label, 1)]).digit('seed', { label });
      return input.slice(0, 100).join();
    });
    expect(new Set(latents).size).toBe(1);
  });
});

describe('of an unlabelled generator', () => {
  test('the class is what the classifier reads', () => {
    const sampler = scripted(layouts.plain, [verdict(4, 0.93)]);
    expect(sampler.digit('seed')).toMatchObject({ label: 4, candidates: 1 });
  });

  test('a class that is asked for is looked for', () => {
    const sampler = scripted(layouts.plain, [verdict(4, 0.99), verdict(6, 0.8), verdict(6, 0.91)]);
    expect(sampler.digit('seed', { label: 6 })).toMatchObject({ label: 6, candidates: 3 });
  });
});

describe.each(['plain', 'labelled'] as const)('of candidates (%s)', (kind) => {
  const layout = layouts[kind];
  const unsure = scripted(layout, [verdict(1, 0.3)]).digit('seed', { raw: true }).label!;

  test('the first sure one is taken, 0.9 included', () => {
    const sure = verdict(unsure, 0.9000001);
    const sampler = scripted(layout, [verdict(unsure, 0.89), sure, verdict(unsure, 1)]);
    expect(sampler.digit('seed')).toMatchObject({ candidates: 2, label: unsure });
  });

  test('the best of a bounded number is taken if none is sure', () => {
    const verdicts = Array.from({ length: MAX_CANDIDATES }, (_, i) =>
      verdict(unsure, i === 5 ? 0.7 : 0.4),
    );
    const sampler = scripted(layout, verdicts);
    const digit = sampler.digit('seed');
    expect(digit.candidates).toBe(MAX_CANDIDATES);
    expect(digit.confidence).toBeCloseTo(0.7, 6);
    expect(digit.pixels[0]).toBe(6);
    expect(sampler.inputs).toHaveLength(MAX_CANDIDATES);
  });

  test('the first is taken as it is if raw', () => {
    const sampler = scripted(layout, [verdict(unsure, 0.2), verdict(unsure, 1)]);
    expect(sampler.digit('seed', { raw: true })).toMatchObject({ candidates: 1 });
  });
});

describe('a sampler', () => {
  const sampler = createModel(kernel, packedOf(plain, randomClassifier())).sampler;

  test('gives the same digit for the same seed, whatever came between', () => {
    const first = sampler.digit('a');
    const copy = structuredClone(first);
    expect(sampler.digit('b').pixels).not.toEqual(first.pixels);
    expect(first).toEqual(copy);
    expect(sampler.digit('a')).toEqual(copy);
  });

  test.each([1, 2, 7])('gives %i digits together as one by one', (count) => {
    const seeds = Array.from({ length: count }, (_, i) => `seed ${i}`);
    for (const wish of [{}, { raw: true }, { label: 3 }]) {
      expect(sampler.digits(seeds, wish)).toEqual(seeds.map((seed) => sampler.digit(seed, wish)));
    }
  });

  test('takes seeds of any Unicode', () => {
    const seeds = ['', '0', '00', 'é', 'e\u0301', '７', '👩‍🚀', ' ', 'a'.repeat(1000)];
    const digits = seeds.map((seed) => sampler.digit(seed).pixels.join());
    expect(new Set(digits).size).toBe(seeds.length);
  });

  test('walks from one digit to the other', () => {
    const [from, to] = [sampler.digit('a'), sampler.digit('b')];
    const pictures = sampler.walk(from, to, 9);
    expect(pictures).toHaveLength(9);
    expect(pictures[0]).toEqual(from.pixels);
    expect(pictures[8]).toEqual(to.pixels);
    expect(new Set(pictures.map((pixels) => pixels.join())).size).toBe(9);
  });

  test('refuses networks that do not fit each other', () => {
    const { generator } = layouts.plain;
    const engine = createEngine(kernel, layOut([readNetwork(parsed(plain))]));
    expect(() => createSampler(engine, { ...layouts.plain, classifier: generator! })).toThrow(
      'fraction bits',
    );
    expect(() => createSampler(engine, { sums: [0, 0], memoryBytes: 0 })).toThrow(
      'takes a generator',
    );
  });
});

describe('seeds of a series', () => {
  test('are 16 hex digits that depend on the series and on the index, and on nothing else', () => {
    const seeds = ['a', 'b', '', '1 a', ' a', 'ä'].flatMap((series) =>
      Array.from({ length: 200 }, (_, index) => seedInSeries(series, index)),
    );
    for (const seed of seeds) expect(seed).toMatch(/^[0-9a-f]{16}$/);
    expect(new Set(seeds).size).toBe(seeds.length);
    // The first 8 bytes of `printf '3 a' | sha256sum`.
    expect(seedInSeries('a', 3)).toBe('51b2e9fb199927a0');
  });
});
