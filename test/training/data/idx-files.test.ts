import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { describe, expect, test } from 'vitest';

import { dataFolder, idx, idxImages, idxLabels, temporaryFolder } from '../helpers.ts';
import { read, readParts, refusalOf } from './reading.ts';

const IMAGES = 'train-images-idx3-ubyte';
const LABELS = 'train-labels-idx1-ubyte';
const TEST_IMAGES = 't10k-images-idx3-ubyte';
const TEST_LABELS = 't10k-labels-idx1-ubyte';
const NO_TEST = { [TEST_IMAGES]: null, [TEST_LABELS]: null };

/** Of the images and labels of MNIST, as runs of earlier versions have recorded it. */
const MNIST_SHA256 = 'c5097fdd51cfdbe7695fd9df3612695696864b5c424f58d843ffdc5d335e9914';

describe('MNIST', () => {
  test('comes from the package, 60,000 images to learn from and 10,000 to test on', async () => {
    const { train, test: tested } = (await readParts({})).data;
    expect(train).toMatchObject({ name: 'MNIST', count: 60_000, sha256: MNIST_SHA256 });
    expect(train.images).toHaveLength(60_000 * 784);
    expect([...train.labels!.subarray(0, 10)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    expect(tested.count).toBe(10_000);
    expect([...tested.labels!.subarray(0, 10)]).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
  });

  test('in part is called by its classes', async () => {
    const { train, test: tested } = (await readParts({ classes: '8,3' })).data;
    expect(train).toMatchObject({ name: 'MNIST (8,3)', classes: ['3', '8'], count: 11_982 });
    expect(tested).toMatchObject({ classes: ['3', '8'], count: 1984 });
    expect(new Set(train.labels)).toEqual(new Set([0, 1]));
  });
});

const sha256Of = async (data: string) => (await read({ data })).data.sha256;

describe('a folder of IDX files', () => {
  test.each([{ gzip: false }, { gzip: true }])('is read, gzip: $gzip', async (options) => {
    const { data, lines } = await read({ data: dataFolder(3, {}, options) });
    expect(data).toMatchObject({ count: 3, classes: ['0', '1', '2'] });
    expect([...data.images]).toEqual([...idxImages(3).subarray(16)]);
    expect([...data.labels!]).toEqual([0, 1, 2]);
    expect(data.name).not.toBe('MNIST');
    expect(lines).toEqual([]);
  });

  test('is known by what it holds, compressed or not', async () => {
    const sha256 = await sha256Of(dataFolder(3));
    expect(await sha256Of(dataFolder(3, {}, { gzip: true }))).toBe(sha256);
    expect(await sha256Of(dataFolder(4))).not.toBe(sha256);
  });

  test.each([
    ['7-Zip unpacks them', ['train-images.idx3-ubyte', 'train-labels.idx1-ubyte']],
    ['EMNIST has them', ['emnist-a-train-images-idx3-ubyte', 'emnist-a-train-labels-idx1-ubyte']],
    [
      'a careless copy has them',
      ['Copy of TRAIN-images.idx3-ubyte', 'Copy of train-labels-idx1-ubyte'],
    ],
  ])('may have its names as %s', async (_, [images, labels]) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, images), idxImages(20));
    writeFileSync(join(folder, `${labels}.gz`), gzipSync(idxLabels(20)));
    const { count, classes } = (await read({ data: folder })).data;
    expect([count, classes.length]).toEqual([18, 10]);
  });

  test('finds the test images of the same prefix', async () => {
    const folder = temporaryFolder();
    for (const [part, count] of [
      ['train', 4],
      ['test', 3],
    ] as const) {
      writeFileSync(join(folder, `emnist-x-${part}-images-idx3-ubyte`), idxImages(count));
      writeFileSync(join(folder, `emnist-x-${part}-labels-idx1-ubyte`), idxLabels(count));
    }
    const { train, test: tested } = (await readParts({ data: folder })).data;
    expect([train.count, tested.count]).toEqual([4, 3]);
  });

  test('of several data sets names two of them, and reads the one whose images are named', async () => {
    const folder = temporaryFolder();
    for (const [prefix, count] of [
      ['a', 20],
      ['b', 30],
    ] as const) {
      writeFileSync(join(folder, `${prefix}-train-images-idx3-ubyte`), idxImages(count));
      writeFileSync(join(folder, `${prefix}-train-labels-idx1-ubyte`), idxLabels(count));
    }
    expect(await refusalOf({ data: folder })).toBe(
      `${folder}/a-train-images-idx3-ubyte and b-train-images-idx3-ubyte: found both, expected one of them; name the one with the images to learn from in --data.`,
    );
    const named = await read({ data: join(folder, 'b-train-images-idx3-ubyte') });
    expect(named.data.count).toBe(27);
  });

  test('with a file both raw and compressed names both', async () => {
    const folder = dataFolder(2);
    writeFileSync(join(folder, `${IMAGES}.gz`), gzipSync(idxImages(2)));
    expect(await refusalOf({ data: folder })).toBe(
      `${folder}/${IMAGES} and ${IMAGES}.gz: found both, expected one of them; remove one of them.`,
    );
  });

  test("reads QMNIST's labels, the first of each row", async () => {
    const rows = new Uint8Array(3 * 8 * 4).fill(1);
    for (const [row, label] of [7, 2, 7].entries())
      new DataView(rows.buffer).setInt32(row * 32, label);
    const folder = dataFolder(3, { [LABELS]: null, ...NO_TEST });
    writeFileSync(join(folder, 'train-labels-idx2-int'), idx(0x0c02, [3, 8], rows));
    const { data } = await readParts({ data: folder });
    expect(data.train.classes).toEqual(['2', '7']);
    expect([...data.train.labels!, ...data.test.labels!].toSorted((a, b) => a - b)).toEqual([
      0, 1, 1,
    ]);
  });

  test('without labels has no classes, where nothing needs them', async () => {
    const { data, lines } = await read({ data: dataFolder(3, { [LABELS]: null }) }, false);
    expect(data).toMatchObject({ count: 3, classes: [], labels: undefined });
    expect(lines).toEqual([]);
  });

  test('with damaged labels is read without them, and says so, where nothing needs them', async () => {
    const data = dataFolder(3, { [LABELS]: idxLabels(2) });
    const plain = await read({ data }, false);
    expect(plain.data).toMatchObject({ count: 3, classes: [], labels: undefined });
    expect(plain.lines).toEqual([
      `${data}: found 2 labels, expected 3, one for each image. Nothing needs labels here: the images are read without them.`,
    ]);
    expect(await refusalOf({ data })).toContain('found 2 labels, expected 3');
  });

  const truncated = idxImages(2).subarray(0, 1000);
  const rows = idx(0x0c02, [2, 8], new Uint8Array(63));
  const broken: [what: string, files: Record<string, Uint8Array | null>, ...says: string[]][] = [
    ['no images', { [IMAGES]: null }, IMAGES, 'no such file'],
    ['labels for images', { [IMAGES]: idxLabels(2000) }, IMAGES, '0x00000801', '0x00000803'],
    ['images for labels', { [LABELS]: idxImages(2) }, LABELS, '0x00000803', '0x00000801'],
    ['text', { [IMAGES]: new TextEncoder().encode('<!doctype html>'.repeat(9)) }, 'magic number'],
    ['an empty file', { [IMAGES]: new Uint8Array(0) }, IMAGES, '0 bytes', 'truncated'],
    ['half a header', { [LABELS]: idxLabels(0).subarray(0, 7) }, LABELS, '7 bytes', 'truncated'],
    ['truncated images', { [IMAGES]: truncated }, '1000 bytes', '1584', 'truncated'],
    ['overlong images', { [IMAGES]: Buffer.concat([idxImages(2), truncated]) }, 'overlong'],
    ['overlong labels', { [LABELS]: Buffer.concat([idxLabels(2), truncated]) }, 'overlong'],
    [
      'truncated rows of labels',
      { [LABELS]: rows },
      '75 bytes',
      'expected 76 for 2 × 8',
      'truncated',
    ],
    [
      'empty rows of labels',
      { [LABELS]: idx(0x0c02, [2, 0], new Uint8Array(0)) },
      'rows without a number',
    ],
    ['a size that lies', { [IMAGES]: idx(0x0803, [2 ** 32 - 1, 28, 28], truncated) }, 'truncated'],
    ['other image sizes', { [IMAGES]: idx(0x0803, [2, 7, 112], new Uint8Array(1568)) }, '112 × 7'],
    ['too few labels', { [LABELS]: idxLabels(1) }, '1 labels', 'expected 2'],
    ['too many labels', { [LABELS]: idxLabels(3) }, '3 labels', 'expected 2'],
    ['no image at all', { [IMAGES]: idxImages(0), [LABELS]: idxLabels(0) }, 'no image'],
    ['no test image', { [TEST_IMAGES]: idxImages(0), [TEST_LABELS]: idxLabels(0) }, 'no image'],
    ['no test labels', { [TEST_LABELS]: null }, 'no labels of the test images'],
    [
      'unknown test classes',
      { [TEST_LABELS]: idx(0x0801, [2], Uint8Array.of(0, 9)) },
      'class 9 among the test images',
    ],
    [
      'test images of another size',
      { [TEST_IMAGES]: idx(0x0803, [2, 8, 9], new Uint8Array(144)) },
      '9 × 8',
      '28 × 28',
    ],
    [
      'one image and no test files',
      { [IMAGES]: idxImages(1), [LABELS]: idxLabels(1), ...NO_TEST },
      'found 1 image, expected several',
    ],
  ];

  test.each(broken)('with %s is refused in one line', async (_, files, ...says) => {
    const folder = dataFolder(2, files);
    const message = await refusalOf({ data: folder });
    for (const part of [folder, ...says]) expect(message).toContain(part);
  });

  test('with a damaged .gz is refused in one line', async () => {
    const folder = dataFolder(2);
    rmSync(join(folder, IMAGES));
    writeFileSync(join(folder, `${IMAGES}.gz`), gzipSync(idxImages(2)).subarray(0, 20));
    const message = await refusalOf({ data: folder });
    expect(message).toMatch(/^.*train-images-idx3-ubyte\.gz: cannot be read.*$/);
  });

  test('with a folder in place of a file is refused', async () => {
    const folder = dataFolder(2, { [IMAGES]: null });
    mkdirSync(join(folder, IMAGES));
    expect(await refusalOf({ data: folder })).toBe(
      `${folder}/${IMAGES}: found a folder, expected a regular file.`,
    );
  });

  test.skipIf(process.platform === 'win32')(
    'with a pipe is refused, and not waited for',
    async () => {
      const folder = dataFolder(2, { [IMAGES]: null });
      execFileSync('mkfifo', [join(folder, IMAGES)]);
      expect(await refusalOf({ data: folder })).toBe(
        `${folder}/${IMAGES}: found a pipe or a device, expected a regular file.`,
      );
    },
  );

  test('that does not exist is refused', async () => {
    expect(await refusalOf({ data: 'no/such/folder' })).toMatch(/no such file or folder/);
  });
});
