import { readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import { readNetwork } from '../../../src/sampler/network.ts';
import { Random } from '../../../src/sampler/random.ts';
import { createSampler } from '../../../src/sampler/sampler.ts';
import { latentOf } from '../../../src/sampler/seed.ts';
import { parsed, randomNetwork } from './networks.ts';
import { referenceGenerate, referenceTanh } from './reference.ts';

const kernel = new WebAssembly.Module(
  readFileSync(new URL('../../../build/sampler.wasm', import.meta.url)),
);

describe('the kernel agrees with the plain reference to the last grey level', () => {
  test.each([
    [[1, 1]],
    [[3, 5]],
    [[8, 4, 4]],
    [[15, 17, 2, 31]],
    [[16, 16, 16]],
    [[17, 1, 9]],
    [[100, 13, 33, 49]],
    [[110, 65, 129, 784]],
  ])('sizes %j', (sizes) => {
    const parts = randomNetwork(sizes);
    const sampler = createSampler(kernel, readNetwork(parsed(parts)));
    const random = Random.fromString('latents');
    for (let i = 0; i < 20; i++) {
      const latent = latentOf(random, sizes[0]);
      expect([...sampler.generate(latent)]).toEqual(referenceGenerate(parts, latent));
    }
  });

  test('where sums come close to the bounds of int32 and activations saturate', () => {
    const parts = randomNetwork([1020, 40, 12]);
    parts.tensors['dense_1.weight'].data.fill(127);
    parts.metadata['inputLimits'] = '[16570,32767]';
    const sampler = createSampler(kernel, readNetwork(parsed(parts)));
    for (const level of [32767, -32767, 16570, -16570]) {
      const latent = new Int16Array(1020).fill(level);
      expect([...sampler.generate(latent)]).toEqual(referenceGenerate(parts, latent));
    }
  });
});

describe('tanh', () => {
  test('is that of Math.tanh to 1e-6, as far as float32 goes', () => {
    let worst = 0;
    for (let x = -12; x <= 12; x += 1 / 512) {
      worst = Math.max(worst, Math.abs(referenceTanh(x) - Math.tanh(x)));
    }
    expect(worst).toBeLessThan(1e-6);
  });
});

describe('a sampler', () => {
  const sampler = createSampler(kernel, readNetwork(parsed(randomNetwork([100, 20, 784]))));

  test('gives the same digit for the same seed, whatever came between', () => {
    const first = sampler.digit('a');
    const copy = first.slice();
    const other = sampler.digit('b');
    expect(other).not.toEqual(first);
    expect(first).toEqual(copy);
    expect(sampler.digit('a')).toEqual(copy);
  });

  test('takes seeds of any Unicode', () => {
    const seeds = ['', '0', '00', 'é', 'e\u0301', '７', '👩‍🚀', ' ', 'a'.repeat(1000)];
    const digits = seeds.map((seed) => sampler.digit(seed).join());
    expect(new Set(digits).size).toBe(seeds.length);
  });

  test('rejects a latent of another size', () => {
    expect(() => sampler.generate(new Int16Array(99))).toThrow('99 numbers, expected 100');
  });

  test('shares nothing with another sampler of the same kernel', () => {
    const other = createSampler(
      kernel,
      readNetwork(parsed(randomNetwork([100, 20, 784], 'other'))),
    );
    const before = sampler.digit('a');
    expect(other.digit('a')).not.toEqual(before);
    expect(sampler.digit('a')).toEqual(before);
  });
});
