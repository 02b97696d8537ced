/** Earlier models: read one at a time, few kept, and nobody waits for a request that is gone. */

import { createHash } from 'node:crypto';

import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { createEarlierModels, ModelFileError } from '../../../src/weights/earlier.ts';
import type { Model } from '../../../src/weights/model.ts';
import { readPacked } from '../../../src/weights/packed.ts';
import { loadKernel } from '../../../training/bundle/engine.ts';
import { packedOf, randomNetwork } from '../../training/bundle/networks.ts';

const files = ['a', 'b', 'c', 'd', 'e'].map((seed) =>
  packedOf(randomNetwork([10, 8, 784], seed), undefined),
);
const listed = files.map((file) => {
  const sha256 = createHash('sha256').update(file).digest('hex');
  return { hash: readPacked(file).hash, sha256 };
});
const hashes = listed.map(({ hash }) => hash);
const fileOf = (name: string) => files[hashes.findIndex((hash) => hash.startsWith(name))];

let models: ReturnType<typeof createEarlierModels>;
beforeEach(() => {
  vi.useFakeTimers();
  models = createEarlierModels(loadKernel(), listed);
});
afterEach(() => {
  vi.useRealTimers();
});

const settled = async (found: Model | Promise<Model> | undefined) => {
  const model = Promise.resolve(found);
  await vi.runAllTimersAsync();
  return model;
};

test('knows the models of the list, and no others', async () => {
  expect(models.names).toEqual(hashes.map((hash) => hash.slice(0, 16)));
  const read = vi.fn(async (name: string) => fileOf(name));
  expect(models.find('0'.repeat(16), read)).toBeUndefined();
  expect((await settled(models.find(hashes[1].slice(0, 8), read)))?.hash).toBe(hashes[1]);
  expect(read).toHaveBeenCalledExactlyOnceWith(hashes[1].slice(0, 16));
});

test('keeps those that were asked for last', async () => {
  const read = vi.fn(async (name: string) => fileOf(name));
  const isKept = (index: number) => !(models.find(hashes[index], read) instanceof Promise);
  for (const hash of hashes.slice(0, 3)) await settled(models.find(hash, read));
  expect([0, 1, 2].every(isKept)).toBe(true);
  void models.find(hashes[0], read);
  await settled(models.find(hashes[3], read));
  expect(isKept(0)).toBe(true);
  expect(isKept(3)).toBe(true);
  expect(read).toHaveBeenCalledTimes(4);
  await settled(models.find(hashes[1], read));
  expect(read).toHaveBeenCalledTimes(5);
});

test('reads one file at a time, and each once', async () => {
  let reading = 0;
  let most = 0;
  const read = vi.fn(async (name: string) => {
    most = Math.max(most, ++reading);
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
    reading--;
    return fileOf(name);
  });
  const asked = [0, 1, 0, 2, 1, 0].map(async (index) => models.find(hashes[index], read));
  await vi.runAllTimersAsync();
  const found = await Promise.all(asked);
  expect(found.map((model) => hashes.indexOf(model?.hash ?? ''))).toEqual([0, 1, 0, 2, 1, 0]);
  expect(read).toHaveBeenCalledTimes(3);
  expect(most).toBe(1);
});

test('goes on where a request ended before it had read', async () => {
  void models.find(hashes[0], () => new Promise(() => {}));
  const asked = models.find(hashes[0], async (name) => fileOf(name));
  expect((await settled(asked))?.hash).toBe(hashes[0]);
});

test('a file that cannot be read or used is an error that names the model', async () => {
  const refused = async (read: () => Promise<Uint8Array>) => {
    const error = await Promise.resolve(models.find(hashes[0], read)).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ModelFileError);
    expect(error).toMatchObject({ model: hashes[0].slice(0, 16) });
  };
  await refused(async () => files[1]);
  await refused(async () => new Uint8Array(5));
  await refused(() => Promise.reject(new TypeError('no network')));
  expect((await settled(models.find(hashes[0], async () => files[0])))?.hash).toBe(hashes[0]);
});
