/** The model that the Worker is built with, and the weights that it refuses. */

import { describe, expect, test } from 'vitest';

import { readPacked } from '../../../src/weights/packed.ts';
import { packModel } from '../../../training/bundle/packing.ts';
import { Failure } from '../../../training/cli/failure.ts';
import {
  CLASSIFIER,
  CONDITIONAL,
  type NetworkParts,
  packedOf,
  randomClassifier,
  randomNetwork,
  safetensorsOf,
} from './networks.ts';

const generator = randomNetwork([100, 20, 784]);
const labelled = randomNetwork([110, 20, 784], 'labelled', CONDITIONAL);
const classifier = randomClassifier();
const madeOf = ({ tensors, metadata }: NetworkParts, dataset: string) => ({
  tensors,
  metadata: { ...metadata, dataset },
});
const saying = (
  metadata: Readonly<Record<string, string>>,
  network: NetworkParts = generator,
): NetworkParts => ({ ...network, metadata: { ...network.metadata, ...metadata } });
const bytesOf = ({ tensors, metadata }: NetworkParts) => safetensorsOf(tensors, metadata);
const pack = (generatorBytes: Uint8Array, classifierBytes: Uint8Array) =>
  packModel(
    { path: 'g.safetensors', bytes: generatorBytes },
    { path: 'c.safetensors', bytes: classifierBytes },
  );

describe('a packed model', () => {
  test('says what it is made of', () => {
    const packed = readPacked(packedOf(generator, classifier));
    expect(packed.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(packed.generator).toEqual(generator.metadata);
    expect(packed.classifier).toEqual(classifier.metadata);
    expect(packed.image.layout.generator?.layers.map(({ outputs }) => outputs)).toEqual([20, 784]);
  });

  test('has a hash of its own for other weights of either network', () => {
    const others = [
      packedOf(generator, classifier),
      packedOf(randomNetwork([100, 20, 784], 'other'), classifier),
      packedOf(generator, randomNetwork([784, 24, 10], 'other', CLASSIFIER)),
    ];
    expect(new Set(others.map((file) => readPacked(file).hash)).size).toBe(3);
    expect(packedOf(generator, classifier)).toEqual(others[0]);
  });
});

describe('weights that cannot be used are refused in one line that names the file', () => {
  const wrong: [what: string, () => Uint8Array, says: RegExp][] = [
    [
      'a file cut off',
      () => pack(bytesOf(generator).subarray(0, 999), bytesOf(classifier)),
      /^g\.safetensors: .*cut off/,
    ],
    [
      'an empty file',
      () => pack(bytesOf(generator), new Uint8Array(0)),
      /^c\.safetensors: .*0 bytes/,
    ],
    ...['{', '"400"', '-1'].map((epochs): [string, () => Uint8Array, RegExp] => [
      `${epochs} epochs, which /model could not tell`,
      () => pack(bytesOf(saying({ epochs })), bytesOf(classifier)),
      /^g\.safetensors: network: epochs is .*, expected a whole number\.$/,
    ]),
    [
      'a recipe that is no JSON',
      () => pack(bytesOf(generator), bytesOf(saying({ recipe: '[' }, classifier))),
      /^c\.safetensors: network: recipe is "\[", expected an object in JSON\.$/,
    ],
    [
      'the two swapped',
      () => pack(bytesOf(classifier), bytesOf(generator)),
      /^g\.safetensors: .*it is a classifier/,
    ],
    [
      'two generators',
      () => pack(bytesOf(generator), bytesOf(generator)),
      /^c\.safetensors: .*it is a generator/,
    ],
    [
      'other pictures',
      () => packedOf(randomNetwork([100, 100]), classifier),
      /^generator and classifier: .*\(10 × 10 pixels\) and .*\(28 × 28 pixels, 10 classes\).*npm run train:classifier/,
    ],
    [
      'another classifier',
      () => packedOf(labelled, randomNetwork([784, 9], '', CLASSIFIER)),
      /^generator and classifier: .* 10 classes\) and .* 9 classes\)/,
    ],
    [
      'clothes read by a classifier of digits',
      () => packedOf(madeOf(generator, 'fashion-mnist'), madeOf(classifier, 'MNIST')),
      /^generator and classifier: found fashion-mnist .* and MNIST .*npm run train:classifier/,
    ],
    [
      'digits read by a classifier of clothes',
      () => packedOf(madeOf(generator, 'MNIST'), madeOf(classifier, 'fashion-mnist')),
      /^generator and classifier: found MNIST .* and fashion-mnist .*git checkout classifier/,
    ],
    [
      'a conditional generator alone',
      () => packedOf(labelled, undefined),
      /^generator: found no classifier for it/,
    ],
    [
      'pixels of another unit',
      () =>
        packedOf(generator, randomNetwork([784, 10], '', { ...CLASSIFIER, inputFractionBits: 8 })),
      /^classifier: found 8 fraction bits/,
    ],
    [
      'other classes',
      () => packedOf(randomNetwork([103, 784], '', { ...CONDITIONAL, classes: 3 }), classifier),
      /^generator and classifier: .* 3 classes\) and .* 10 classes\)/,
    ],
  ];

  test.each(wrong)('%s', (_, attempt, says) => {
    expect(attempt).toThrow(Failure);
    expect(attempt).toThrow(says);
    expect(attempt).not.toThrow(/\n/);
  });
});
