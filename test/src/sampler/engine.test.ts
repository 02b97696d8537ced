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
import { referenceClassify, referenceDraw, referenceTanh } from './reference.ts';

/** Both builds promise the same whole numbers. */
const kernels = { 'relaxed SIMD': loadKernel('relaxed'), 'plain SIMD': loadKernel('plain') };

function engineOf(networks: readonly NetworkParts[], kernel = kernels['relaxed SIMD']): Engine {
  return createEngine(kernel, layOut(networks.map((parts) => readNetwork(parsed(parts)))));
}

const pixelsOf = (random: Random, count: number) =>
  Uint8Array.from({ length: count }, () => random.below(256));

const plainly = (answers: readonly (Uint8Array | Float32Array)[]) => answers.map((a) => [...a]);

describe.each(Object.entries(kernels))('with %s', (_, kernel) => {
  describe('a generator agrees with the plain reference to the last grey level', () => {
    test.each([
      [[1, 1]],
      [[3, 5]],
      [[8, 4, 4]],
      [[31, 33, 2, 63]],
      [[32, 32, 32]],
      [[33, 1, 9]],
      [[100, 13, 65, 49]],
      [[110, 65, 129, 784]],
    ])('sizes %j', (sizes) => {
      const parts = randomNetwork(sizes);
      const { draw } = engineOf([parts], kernel);
      const random = Random.fromString('latents');
      for (let i = 0; i < 10; i++) {
        const pair = [latentOf(random, sizes[0]), latentOf(random, sizes[0])];
        const expected = pair.map((latent) => referenceDraw(parts, latent));
        expect(plainly(draw(pair))).toEqual(expected);
        expect(plainly(draw([pair[1]]))).toEqual([expected[1]]);
      }
    });

    test('where the sums of the first layer come close to the bounds of int32', () => {
      const parts = randomNetwork([1020, 40, 12]);
      parts.tensors['dense_1.weight'].data.fill(127);
      parts.tensors['dense_1.bias'].data.fill(0);
      parts.metadata['inputLimit'] = '16570';
      const { draw } = engineOf([parts], kernel);
      for (const level of [32767, -32767, 16570, -16570]) {
        const latent = new Int16Array(1020).fill(level);
        expect(plainly(draw([latent]))).toEqual([referenceDraw(parts, latent)]);
      }
    });

    test.each([63, -63])('where every product of 16 bits is as large as can be: %i', (weight) => {
      const parts = randomNetwork([4, 1000, 8]);
      parts.tensors['dense_1.bias'].data.fill(1e4);
      parts.tensors['dense_2.weight'].data.fill(weight);
      parts.tensors['dense_2.scale'].data.fill(1e-7);
      const { draw } = engineOf([parts], kernel);
      const latent = latentOf(Random.fromString('latent'), 4);
      const expected = referenceDraw(parts, latent);
      expect(plainly(draw([latent, latent]))).toEqual([expected, expected]);
      expect(plainly(draw([latent]))).toEqual([expected]);
    });
  });

  describe('a classifier agrees with the plain reference to the last bit', () => {
    test.each([[[1, 2]], [[9, 10]], [[784, 10]], [[784, 96, 10]], [[49, 17, 33, 11]]])(
      'sizes %j',
      (sizes) => {
        const parts = randomNetwork(sizes, 'classifier', CLASSIFIER);
        const { classify } = engineOf([parts], kernel);
        const random = Random.fromString('pixels');
        for (let i = 0; i < 10; i++) {
          const pair = [pixelsOf(random, sizes[0]), pixelsOf(random, sizes[0])];
          const expected = pair.map((pixels) => referenceClassify(parts, pixels));
          expect(plainly(classify(pair))).toEqual(expected);
          expect(plainly(classify([pair[1]]))).toEqual([expected[1]]);
        }
      },
    );
  });
});

describe('an engine', () => {
  const generator = randomNetwork([20, 30, 784]);
  const classifier = randomNetwork([784, 40, 10], 'classifier', CLASSIFIER);

  test('runs both networks in turn, each undisturbed by the other', () => {
    const { draw, classify } = engineOf([generator, classifier]);
    const random = Random.fromString('both');
    for (let i = 0; i < 10; i++) {
      const latents = [latentOf(random, 20), latentOf(random, 20)];
      const pictures = draw(latents);
      const logits = plainly(classify(pictures));
      expect(plainly(pictures)).toEqual(latents.map((latent) => referenceDraw(generator, latent)));
      expect(logits).toEqual(pictures.map((pixels) => referenceClassify(classifier, pixels)));
    }
  });

  test('shares nothing with another one of the same kernel', () => {
    const [one, other] = [engineOf([generator]), engineOf([randomNetwork([20, 30, 784], 'other')])];
    const latents = [latentOf(Random.fromString('latent'), 20)];
    const before = plainly(one.draw(latents));
    expect(plainly(other.draw(latents))).not.toEqual(before);
    expect(plainly(one.draw(latents))).toEqual(before);
  });

  test('rejects inputs of another size or number, and networks that it does not have', () => {
    const { draw, classify } = engineOf([generator]);
    expect(() => draw([new Int16Array(19)])).toThrow('19 numbers, expected 20');
    expect(() => draw([])).toThrow('0 digits, expected 1 … 2');
    expect(() => draw(Array.from({ length: 3 }, () => new Int16Array(20)))).toThrow('3 digits');
    expect(() => classify([new Uint8Array(784)])).toThrow('no classifier');
    expect(() => engineOf([classifier]).classify([new Uint8Array(1)])).toThrow('1 numbers');
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
