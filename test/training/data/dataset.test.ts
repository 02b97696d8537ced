import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { describe, expect, test } from 'vitest';

import { batchOf } from '../../../training/data/batches.ts';
import { DatasetError, readDataset } from '../../../training/data/dataset.ts';
import { LIKE_MNIST, dataFolder, idx, idxImages, idxLabels } from '../helpers.ts';

const IMAGES = 'train-images-idx3-ubyte';
const LABELS = 'train-labels-idx1-ubyte';

describe('MNIST', () => {
  test('comes from the package, 60,000 images to learn from and 10,000 to test on', () => {
    const train = readDataset(null);
    expect(train).toMatchObject({ name: 'MNIST', count: 60_000 });
    expect(train.images).toHaveLength(60_000 * 784);
    expect([...train.labels!.subarray(0, 10)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    const tested = readDataset(null, 't10k');
    expect(tested.count).toBe(10_000);
    expect([...tested.labels!.subarray(0, 10)]).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
  });
});

describe('a folder of IDX files', () => {
  test.each([{ gzip: false }, { gzip: true }])('is read, gzip: $gzip', (options) => {
    const dataset = readDataset(dataFolder(3, {}, options));
    expect(dataset.count).toBe(3);
    expect([...dataset.images]).toEqual([...idxImages(3).subarray(16)]);
    expect([...dataset.labels!]).toEqual([0, 1, 2]);
    expect(dataset.name).not.toBe('MNIST');
  });

  test('is known by what it holds, compressed or not', () => {
    const { sha256 } = readDataset(dataFolder(3));
    expect(readDataset(dataFolder(3, {}, { gzip: true })).sha256).toBe(sha256);
    expect(readDataset(dataFolder(4)).sha256).not.toBe(sha256);
  });

  const truncated = idxImages(2).subarray(0, 1000);
  const broken: [what: string, files: Record<string, Uint8Array | null>, ...says: string[]][] = [
    ['no images', { [IMAGES]: null }, IMAGES, 'no such file'],
    ['no labels', { [LABELS]: null }, LABELS, 'no such file'],
    ['labels for images', { [IMAGES]: idxLabels(2000) }, IMAGES, '0x00000801', '0x00000803'],
    ['images for labels', { [LABELS]: idxImages(2) }, LABELS, '0x00000803', '0x00000801'],
    ['text', { [IMAGES]: new TextEncoder().encode('<!doctype html>'.repeat(9)) }, 'magic number'],
    ['an empty file', { [IMAGES]: new Uint8Array(0) }, IMAGES, '0 bytes', 'truncated'],
    ['half a header', { [LABELS]: idxLabels(0).subarray(0, 7) }, LABELS, '7 bytes', 'truncated'],
    ['truncated images', { [IMAGES]: truncated }, '1000 bytes', '1584', 'truncated'],
    ['overlong images', { [IMAGES]: Buffer.concat([idxImages(2), truncated]) }, 'overlong'],
    ['overlong labels', { [LABELS]: Buffer.concat([idxLabels(2), truncated]) }, 'overlong'],
    ['a size that lies', { [IMAGES]: idx(0x0803, [2 ** 32 - 1, 28, 28], truncated) }, 'truncated'],
    ['other image sizes', { [IMAGES]: idx(0x0803, [2, 7, 112], new Uint8Array(1568)) }, '112 × 7'],
    ['too few labels', { [LABELS]: idxLabels(1) }, LABELS, '1 labels', 'expected 2'],
    ['too many labels', { [LABELS]: idxLabels(3) }, LABELS, '3 labels', 'expected 2'],
    ['nothing at all', { [IMAGES]: idxImages(0), [LABELS]: idxLabels(0) }, 'no image'],
  ];

  test.each(broken)('with %s is refused in one line', (_, files, ...says) => {
    const folder = dataFolder(2, files);
    const message = refusal(folder);
    expect(message).not.toContain('\n');
    for (const part of [folder, ...says]) expect(message).toContain(part);
  });

  test('with a damaged .gz is refused in one line', () => {
    const folder = dataFolder(2);
    rmSync(join(folder, IMAGES));
    writeFileSync(join(folder, `${IMAGES}.gz`), gzipSync(idxImages(2)).subarray(0, 20));
    expect(refusal(folder)).toMatch(/^.*train-images-idx3-ubyte\.gz: cannot be read.*$/);
  });

  test('that does not exist is refused', () => {
    expect(refusal('no/such/folder')).toContain('no such file');
  });
});

describe('a batch', () => {
  test('is its images scaled to −1…1, in the order of the indices, repeated if they are', () => {
    const images = new Uint8Array(3 * 784);
    images.fill(255, 784, 2 * 784);
    images.fill(51, 2 * 784);
    const labels = new Uint8Array(3);
    const dataset = { ...LIKE_MNIST, name: '', count: 3, images, labels, sha256: '' };
    const batch = batchOf(dataset, Uint32Array.of(2, 0, 1, 2));
    expect(batch).toHaveLength(4 * 784);
    const rows = [0, 1, 2, 3].map((i) => new Set(batch.subarray(i * 784, (i + 1) * 784)));
    const third = Math.fround((51 - 127.5) / 127.5);
    expect(rows).toEqual([new Set([third]), new Set([-1]), new Set([1]), new Set([third])]);
  });
});

function refusal(folder: string): string {
  try {
    readDataset(folder);
  } catch (error) {
    if (error instanceof DatasetError && error.exitCode === 1) return error.message;
    throw error;
  }
  throw new Error('expected a refusal');
}
