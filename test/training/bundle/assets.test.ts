/** What a build makes of models and snapshots for the platform to serve. */

import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { describe, expect, test, vi } from 'vitest';

import { readPacked } from '../../../src/weights/packed.ts';
import { ASSETS } from '../../../training/bundle/assets.ts';
import { build } from '../../../training/bundle/build.ts';
import { temporaryFolder } from '../helpers.ts';
import { packedOf, randomClassifier, randomNetwork, safetensorsOf } from './networks.ts';

vi.spyOn(process.stderr, 'write').mockReturnValue(true);

const SIZES = [30, 20, 784];
const generator = randomNetwork(SIZES, 'shipped');
const snapshot = randomNetwork(SIZES, 'snapshot');
const classifier = randomClassifier();

const bytesOf = ({ tensors, metadata }: typeof generator) => safetensorsOf(tensors, metadata);

/** A project that consists of nothing but weights, with what has been built in it. */
function project() {
  const root = temporaryFolder();
  const write = (path: string, bytes: Uint8Array | string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), bytes);
  };
  write('weights/generator.safetensors', bytesOf(generator));
  write('weights/classifier.safetensors', bytesOf(classifier));
  const read = (path: string) => new Uint8Array(readFileSync(join(root, 'public/assets', path)));
  const index = () => JSON.parse(Buffer.from(read('snapshots/index.json')).toString()) as unknown;
  const names = (folder: string) => readdirSync(join(root, 'public/assets', folder)).toSorted();
  const model = () => new Uint8Array(readFileSync(join(root, 'build/model.safetensors')));
  return { write, read, index, names, model, build: () => build([ASSETS], root) };
}

test('the current model is served under its hash', async () => {
  const { read, names, model, build: buildAssets } = project();
  await buildAssets();
  const packed = model();
  const name = `${readPacked(packed).hash.slice(0, 16)}.safetensors`;
  expect(names('models')).toEqual([name]);
  expect(read(`models/${name}`)).toEqual(packed);
});

describe('snapshots', () => {
  test('are packed and listed, once there are any', async () => {
    const { write, read, index, names, build: buildAssets } = project();
    await buildAssets();
    expect(names('snapshots')).toEqual(['index.json']);
    expect(index()).toEqual({ snapshots: [], metrics: [] });

    write('weights/snapshots/epoch-0020.safetensors', bytesOf(snapshot));
    write('weights/snapshots/epoch-0003.safetensors', bytesOf(generator));
    write('weights/snapshots/metrics.jsonl', '{"epoch":1}\n{"epoch":2}\n');
    await buildAssets();
    expect(index()).toEqual({
      snapshots: [
        { epoch: 3, file: 'epoch-0003.safetensors' },
        { epoch: 20, file: 'epoch-0020.safetensors' },
      ],
      metrics: [{ epoch: 1 }, { epoch: 2 }],
    });
    expect(read('snapshots/epoch-0020.safetensors')).toEqual(packedOf(snapshot, classifier));
  });

  test('of other data than the generator’s are left out', async () => {
    const { write, index, build: buildAssets } = project();
    const of = (network: typeof generator, dataset: string) =>
      bytesOf({ ...network, metadata: { ...network.metadata, dataset } });
    write('weights/generator.safetensors', of(generator, 'MNIST'));
    write('weights/snapshots/epoch-0001.safetensors', of(snapshot, 'clothes'));
    await buildAssets();
    expect(index()).toEqual({ snapshots: [], metrics: [] });
  });

  test('that cannot be used stop the build, which names them', async () => {
    const { write, build: buildAssets } = project();
    write('weights/snapshots/epoch-0001.safetensors', 'no weights');
    await expect(buildAssets()).rejects.toThrow(/^weights\/snapshots\/epoch-0001\.safetensors: /);
    write('weights/snapshots/epoch-0001.safetensors', bytesOf(snapshot));
    write('weights/snapshots/metrics.jsonl', '{"epoch":1}\n{"ep');
    await expect(buildAssets()).rejects.toThrow(/^weights\/snapshots\/metrics\.jsonl: .*line 2/);
  });
});
