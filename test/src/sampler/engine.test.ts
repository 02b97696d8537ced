import { describe, expect, test } from 'vitest';

import { createEngine, type Engine } from '../../../src/sampler/engine.ts';
import { Random } from '../../../src/sampler/random.ts';
import { latentOf } from '../../../src/sampler/seed.ts';
import { loadKernel } from '../../../training/bundle/engine.ts';
import { layOut } from '../../../training/bundle/layout.ts';
import { readNetwork } from '../../../training/bundle/network.ts';
import {
  CLASSIFIER,
  type NetworkParts,
  parsed,
  randomNetwork,
} from '../../training/bundle/networks.ts';
import { referenceClassify, referenceGenerate, referenceTanh } from './reference.ts';

const kernel = loadKernel();

function engineOf(...networks: NetworkParts[]): Engine {
  return createEngine(kernel, layOut(networks.map((parts) => readNetwork(parsed(parts)))));
}

const pixelsOf = (random: Random, count: number) =>
  Uint8Array.from({ length: count }, () => random.below(256));

describe('a generator on the kernel agrees with the plain reference to the last grey level', () => {
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
    const { generate } = engineOf(parts);
    const random = Random.fromString('latents');
    for (let i = 0; i < 20; i++) {
      const latent = latentOf(random, sizes[0]);
      expect([...generate(latent)]).toEqual(referenceGenerate(parts, latent));
    }
  });

  test('where sums come close to the bounds of int32 and activations saturate', () => {
    const parts = randomNetwork([1020, 40, 12]);
    parts.tensors['dense_1.weight'].data.fill(127);
    parts.metadata['inputLimits'] = '[16570,32767]';
    const { generate } = engineOf(parts);
    for (const level of [32767, -32767, 16570, -16570]) {
      const latent = new Int16Array(1020).fill(level);
      expect([...generate(latent)]).toEqual(referenceGenerate(parts, latent));
    }
  });
});

describe('a classifier on the kernel agrees with the plain reference to the last bit', () => {
  test.each([[[1, 2]], [[9, 10]], [[784, 10]], [[784, 96, 10]], [[49, 17, 33, 11]]])(
    'sizes %j',
    (sizes) => {
      const parts = randomNetwork(sizes, 'classifier', CLASSIFIER);
      const { classify } = engineOf(parts);
      const random = Random.fromString('pixels');
      for (let i = 0; i < 20; i++) {
        const pixels = pixelsOf(random, sizes[0]);
        expect([...classify(pixels)]).toEqual(referenceClassify(parts, pixels));
      }
    },
  );
});

describe('an engine', () => {
  const generator = randomNetwork([20, 30, 784]);
  const classifier = randomNetwork([784, 40, 10], 'classifier', CLASSIFIER);

  test('runs both networks in turn, each undisturbed by the other', () => {
    const { generate, classify } = engineOf(generator, classifier);
    const random = Random.fromString('both');
    for (let i = 0; i < 10; i++) {
      const latent = latentOf(random, 20);
      const pixels = generate(latent);
      const logits = [...classify(pixels)];
      expect([...pixels]).toEqual(referenceGenerate(generator, latent));
      expect(logits).toEqual(referenceClassify(classifier, pixels));
    }
  });

  test('shares nothing with another one of the same kernel', () => {
    const [one, other] = [engineOf(generator), engineOf(randomNetwork([20, 30, 784], 'other'))];
    const latent = latentOf(Random.fromString('latent'), 20);
    const before = one.generate(latent).slice();
    expect(other.generate(latent)).not.toEqual(before);
    expect(one.generate(latent)).toEqual(before);
  });

  test('rejects inputs of another size, and networks that it does not have', () => {
    const { generate, classify } = engineOf(generator);
    expect(() => generate(new Int16Array(19))).toThrow('19 numbers, expected 20');
    expect(() => classify(new Uint8Array(784))).toThrow('no classifier');
    expect(() => engineOf(classifier).classify(new Uint8Array(1))).toThrow('1 numbers');
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
