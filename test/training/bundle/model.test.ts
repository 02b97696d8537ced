/** What stops a build over the weights, and what a stopped build leaves alone. */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test, vi } from 'vitest';

import { build } from '../../../training/bundle/build.ts';
import { maxCandidatesOf } from '../../../training/bundle/candidates.ts';
import { MODEL } from '../../../training/bundle/model.ts';
import { Failure } from '../../../training/cli/failure.ts';
import { temporaryFolder } from '../helpers.ts';
import {
  CLASSIFIER,
  CONDITIONAL,
  packedOf,
  randomClassifier,
  randomNetwork,
  safetensorsOf,
} from './networks.ts';

vi.spyOn(process.stderr, 'write').mockReturnValue(true);

const generator = randomNetwork([100, 20, 784]);
const classifier = randomClassifier();

/** A project that consists of nothing but weights. */
function project(): { root: string; write(name: string, bytes: Uint8Array | string): void } {
  const root = temporaryFolder();
  mkdirSync(join(root, 'weights'));
  return { root, write: (name, bytes) => writeFileSync(join(root, 'weights', name), bytes) };
}

const bytesOf = ({ tensors, metadata }: typeof generator) => safetensorsOf(tensors, metadata);

test('weights that are missing or broken stop the build, and the model that is there stays', async () => {
  const { root, write } = project();
  const missing = build([MODEL], root);
  await expect(missing).rejects.toThrow(/^weights\/generator\.safetensors: found no such file/);
  await expect(missing).rejects.toThrow(Failure);

  write('generator.safetensors', bytesOf(generator));
  write('classifier.safetensors', bytesOf(classifier));
  await build([MODEL], root);
  const packed = packedOf(generator, classifier, maxCandidatesOf);
  const model = () => new Uint8Array(readFileSync(join(root, 'build/model.safetensors')));
  expect(model()).toEqual(packed);

  write('classifier.safetensors', 'not weights');
  await expect(build([MODEL], root)).rejects.toThrow(Failure);
  expect(model()).toEqual(packed);
});

test('the networks of the recipe fit, even for the largest pictures of the most classes', async () => {
  const { root, write } = project();
  const sizes = [200, 256, 512, 1024, 64 * 64];
  const largest = randomNetwork(sizes, 'largest', { ...CONDITIONAL, classes: 100 });
  write('generator.safetensors', bytesOf(largest));
  write('classifier.safetensors', bytesOf(randomNetwork([64 * 64, 96, 100], '', CLASSIFIER)));
  await build([MODEL], root);
});

test('weights that take too long to draw stop the build', async () => {
  const { root, write } = project();
  write('generator.safetensors', bytesOf(randomNetwork([100, 8000, 784])));
  write('classifier.safetensors', bytesOf(classifier));
  await expect(build([MODEL], root)).rejects.toThrow(
    /^weights: found \d+ bytes gzipped, expected at most \d+;.*$/,
  );
});
