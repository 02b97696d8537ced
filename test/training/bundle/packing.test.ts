import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { readPacked } from '../../../src/weights/packed.ts';
import { packModel } from '../../../training/bundle/packing.ts';
import { Failure } from '../../../training/cli/failure.ts';
import { temporaryFolder } from '../helpers.ts';
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
const classifier = randomClassifier();
const bytesOf = ({ tensors, metadata }: NetworkParts) => safetensorsOf(tensors, metadata);
const pack = (generatorBytes: Uint8Array, classifierBytes: Uint8Array) =>
  packModel(
    { path: 'g.safetensors', bytes: generatorBytes },
    { path: 'c.safetensors', bytes: classifierBytes },
  );

describe('a packed model', () => {
  it('says what it was made of', () => {
    const packed = readPacked(packedOf(generator, classifier));
    expect(packed.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(packed.generator).toEqual(generator.metadata);
    expect(packed.classifier).toEqual(classifier.metadata);
    expect(packed.image.layout.generator?.layers.map(({ outputs }) => outputs)).toEqual([20, 784]);
  });

  it('has a hash of its own for other weights of either network', () => {
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
      /^generator: found 100 pixels, expected 784/,
    ],
    [
      'another classifier',
      () => packedOf(generator, randomNetwork([784, 9], '', CLASSIFIER)),
      /^classifier: found 9 classes, expected 10/,
    ],
    [
      'pixels of another unit',
      () =>
        packedOf(generator, randomNetwork([784, 10], '', { ...CLASSIFIER, inputFractionBits: 7 })),
      /^classifier: found 7 fraction bits/,
    ],
    [
      'classes that are no digits',
      () => packedOf(randomNetwork([103, 784], '', { ...CONDITIONAL, classes: 3 }), classifier),
      /^generator: found 3 classes, expected 10/,
    ],
  ];

  it.each(wrong)('%s', (_, attempt, says) => {
    expect(attempt).toThrow(Failure);
    expect(attempt).toThrow(says);
    expect(attempt).not.toThrow(/\n/);
  });
});

describe('npm run build:model', () => {
  const command = join(import.meta.dirname, '../../../training/commands/build-model.ts');
  const build = (cwd: string) => spawnSync(process.execPath, [command], { cwd, encoding: 'utf8' });

  it('stops a build for weights that are missing, and leaves the model that is there', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'weights'));
    const missing = build(folder);
    expect(missing).toMatchObject({ status: 1, stdout: '' });
    expect(missing.stderr).toMatch(/^weights\/generator\.safetensors: found no such file.*\n$/);

    writeFileSync(join(folder, 'weights/generator.safetensors'), bytesOf(generator));
    writeFileSync(join(folder, 'weights/classifier.safetensors'), bytesOf(classifier));
    expect(build(folder)).toMatchObject({ status: 0, stderr: '' });
    const path = join(folder, 'build/model.safetensors');
    expect(new Uint8Array(readFileSync(path))).toEqual(
      pack(bytesOf(generator), bytesOf(classifier)),
    );

    writeFileSync(join(folder, 'weights/classifier.safetensors'), 'not weights');
    expect(build(folder)).toMatchObject({ status: 1, stdout: '' });
    expect(existsSync(path)).toBe(true);
  });

  it('stops a build for weights that no platform takes', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'weights'));
    const large = bytesOf(randomNetwork([100, 4200, 784]));
    writeFileSync(join(folder, 'weights/generator.safetensors'), large);
    writeFileSync(join(folder, 'weights/classifier.safetensors'), bytesOf(classifier));
    const { status, stderr } = build(folder);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^weights: found \d+ bytes gzipped, expected at most \d+;.*\n$/);
  });
});
