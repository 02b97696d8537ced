/** NumPy files as Keras, MedMNIST, KMNIST and QuickDraw spread them, written by NumPy itself where it is there. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';

import { encodeNpy, npyHeader } from '../../../src/encoders/npy.ts';
import { hasNumpy, runPython } from '../../foreign/numpy.ts';
import { temporaryFolder } from '../helpers.ts';
import { read, readParts, refusalOf } from './reading.ts';

/** `count` images, of which image i is grey level i throughout. */
const levels = (count: number, size: number) =>
  Uint8Array.from({ length: count * size }, (_, i) => Math.floor(i / size));
const cycle = (count: number, classes: number) =>
  Uint8Array.from({ length: count }, (_, i) => i % classes);
const floats = (shape: readonly number[], values: Float32Array) =>
  Buffer.concat([npyHeader(shape, '<f4'), new Uint8Array(values.buffer)]);

function file(name: string, bytes: Uint8Array): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, bytes);
  return path;
}

describe('a .npy file', () => {
  test("of rows is one of squares without classes, as QuickDraw's", async () => {
    const data = file('cat.npy', encodeNpy([20, 784], levels(20, 784)));
    const { train, test: tested } = (await readParts({ data }, false)).data;
    expect(train).toMatchObject({ name: 'cat', width: 28, height: 28, count: 18, classes: [] });
    expect(tested.count).toBe(2);
  });

  test('has its labels beside it, and may have images of any size', async () => {
    const data = file('sprites.npy', encodeNpy([20, 16, 20], levels(20, 320)));
    writeFileSync(data.replace('.npy', '.labels.npy'), encodeNpy([20], cycle(20, 3)));
    const { width, height, classes } = (await read({ data })).data;
    expect({ width, height, classes }).toEqual({ width: 20, height: 16, classes: ['0', '1', '2'] });
  });

  test.each([
    [
      [0, 1],
      [0, 0.5, 1],
      [0, 128, 255],
    ],
    [
      [-1, 1],
      [-1, 0, 1],
      [0, 128, 255],
    ],
    [
      [0, 255],
      [0, 99.6, 255],
      [0, 100, 255],
    ],
  ])(
    'of floats says that it reads them as %j',
    async ([min, max], [low, middle, high], expected) => {
      const values = Float32Array.from({ length: 20 * 64 }, (_, i) =>
        i % 64 === 0 ? low : i % 64 === 1 ? high : i % 64 === 3 && i > 64 ? low + i / 2e3 : middle,
      );
      const { data, lines } = await read(
        { data: file('f.npy', floats([20, 8, 8], values)) },
        false,
      );
      expect([data.images[0], data.images[2], data.images[1]]).toEqual(expected);
      expect(lines[0]).toMatch(/f\.npy: found floats from .*, read as /);
      expect(lines[0].replace('−', '-')).toContain(`read as ${min} … ${max}.`);
    },
  );
});

const archive = (arrays: Readonly<Record<string, Uint8Array>>) =>
  file(
    'set.npz',
    zipSync(Object.fromEntries(Object.entries(arrays).map(([name, a]) => [`${name}.npy`, a]))),
  );

describe('a .npz archive', () => {
  test('has images and labels in it, as Keras writes it', async () => {
    const data = archive({
      x_train: encodeNpy([9, 8, 8], levels(9, 64)),
      y_train: encodeNpy([9], cycle(9, 3)),
      x_test: encodeNpy([3, 8, 8], levels(3, 64)),
      y_test: encodeNpy([3], cycle(3, 3)),
    });
    const { train, test: tested } = (await readParts({ data })).data;
    expect(train).toMatchObject({ name: 'set', count: 9, classes: ['0', '1', '2'] });
    expect([...tested.labels!]).toEqual([0, 1, 2]);
  });

  test('has labels in a column, as MedMNIST writes it', async () => {
    const data = archive({
      train_images: encodeNpy([20, 8, 8, 1], levels(20, 64)),
      train_labels: encodeNpy([20, 1], cycle(20, 2)),
      val_images: encodeNpy([1, 1], Uint8Array.of(0)),
    });
    expect((await read({ data })).data.classes).toEqual(['0', '1']);
  });

  test('is one of four, as KMNIST is spread', async () => {
    const folder = temporaryFolder();
    for (const [part, count] of [
      ['train', 12],
      ['test', 4],
    ] as const) {
      const write = (kind: string, array: Uint8Array) =>
        writeFileSync(join(folder, `kmnist-${part}-${kind}.npz`), zipSync({ 'arr_0.npy': array }));
      write('imgs', encodeNpy([count, 28, 28], levels(count, 784)));
      write('labels', encodeNpy([count], cycle(count, 4)));
    }
    for (const data of [folder, join(folder, 'kmnist-train-imgs.npz')]) {
      const { train, test: tested } = (await readParts({ data })).data;
      expect(train).toMatchObject({ name: 'kmnist', count: 12, classes: ['0', '1', '2', '3'] });
      expect(tested.count).toBe(4);
    }
  });
});

test.skipIf(!hasNumpy)("NumPy's own files are read", async () => {
  const folder = temporaryFolder();
  runPython(
    `import numpy as np
x = np.repeat(np.arange(20), 64).reshape(20, 8, 8)
np.save('big.npy', x.astype('i8'))
np.save('big.labels.npy', (np.arange(20) % 4 * 10).astype('i4'))
np.savez_compressed('all.npz', images=x.astype('u1'), labels=np.arange(20) % 5)
np.save('fortran.npy', np.asfortranarray(x.astype('u1')))`,
    { cwd: folder },
  );
  const big = await readParts({ data: join(folder, 'big.npy') });
  expect(big.data.train.classes).toEqual(['0', '10', '20', '30']);
  expect(big.data.train.count + big.data.test.count).toBe(20);
  const all = await read({ data: join(folder, 'all.npz') });
  expect(all.data.classes).toHaveLength(5);
  expect(await refusalOf({ data: join(folder, 'fortran.npy') }, { needsLabels: false })).toContain(
    'numpy.ascontiguousarray turns it',
  );
});

describe('bad data end in one line', () => {
  const good = encodeNpy([20, 8, 8], levels(20, 64));
  const damaged = good.slice();
  damaged[20] = 0x40;
  const cases: [what: string, name: string, bytes: Uint8Array, says: RegExp][] = [
    ['no bytes', 'a.npy', new Uint8Array(0), /other bytes than those/],
    ['text', 'a.npy', Buffer.from('<!doctype html>'.repeat(9)), /other bytes than those/],
    ['half a header', 'a.npy', good.subarray(0, 40), /40 bytes.*truncated/],
    ['a damaged header', 'a.npy', damaged, /expected type, order and shape/],
    ['half of the data', 'a.npy', good.subarray(0, 700), /700 bytes, expected 1408.*truncated/],
    ['too many bytes', 'a.npy', Buffer.concat([good, good]), /overlong/],
    ['complex numbers', 'a.npy', npyHeader([0], '<c8'), /type <c8, expected one of/],
    ['other byte order', 'a.npy', npyHeader([0], '>f4'), /type >f4, expected one of/],
    ['one dimension', 'a.npy', encodeNpy([64], levels(1, 64)), /shape \(64\), expected/],
    ['rows that are no squares', 'a.npy', encodeNpy([2, 60], levels(2, 60)), /\(2, 60\), expected/],
    ['colours', 'a.npy', encodeNpy([2, 8, 8, 3], levels(2, 192)), /\(2, 8, 8, 3\), expected/],
    ['images too small', 'a.npy', encodeNpy([2, 4, 4], levels(2, 16)), /4 × 4 pixels.*8 to 64/],
    ['NaN', 'a.npy', floats([1, 8, 8], new Float32Array(64).fill(NaN)), /NaN, expected finite/],
    ['floats beyond', 'a.npy', floats([1, 8, 8], new Float32Array(64).fill(300)), /to 300, expect/],
    ['an archive of text', 'a.npz', Buffer.from('PK'.repeat(99)), /cannot be read as an archive/],
    ['an archive without images', 'a.npz', zipSync({ 'w.npy': good }), /no array of images/],
    [
      'a damaged array',
      'a.npz',
      zipSync({ 'x.npy': good.subarray(9) }),
      /\(x\): found other bytes/,
    ],
  ];
  test.each(cases)('%s', async (_, name, bytes, says) => {
    const data = file(name, bytes);
    const message = await refusalOf({ data }, { needsLabels: false });
    expect(message.startsWith(data)).toBe(true);
    expect(message).toMatch(says);
  });

  test('labels that are no whole numbers, and too few of them', async () => {
    const data = file('a.npy', good);
    const labels = data.replace('.npy', '.labels.npy');
    writeFileSync(labels, floats([20], new Float32Array(20).fill(0.5)));
    expect(await refusalOf({ data })).toContain('expected a whole number for each image');
    writeFileSync(labels, encodeNpy([19], cycle(19, 2)));
    expect(await refusalOf({ data })).toContain('found 19 labels, expected 20');
  });

  test('two sets of files in one folder', async () => {
    const folder = temporaryFolder();
    for (const name of ['a', 'b']) writeFileSync(join(folder, `${name}-train-imgs.npz`), good);
    expect(await refusalOf({ data: folder })).toContain('found both, expected one of them');
  });

  test('a folder that is called as a file', async () => {
    const data = join(temporaryFolder(), 'a.npy');
    mkdirSync(data);
    expect(await refusalOf({ data })).toContain('found a folder, expected a regular file');
  });
});

test('an archive that says it holds billions of files is refused before they are looked for', async () => {
  const zip = Buffer.from(zipSync({ 'x_train.npy': encodeNpy([20, 8, 8], levels(20, 64)) }));
  const end = zip.subarray(-22);
  const large = Buffer.alloc(56 + 20);
  large.write('PK\x06\x06', 0, 'latin1');
  for (const offset of [24, 32]) large.writeUInt32LE(0xffffffff, offset);
  large.writeUInt32LE(end.readUInt32LE(16), 48);
  large.write('PK\x06\x07', 56, 'latin1');
  large.writeUInt32LE(zip.length - 22, 56 + 8);
  const data = file('large.npz', Buffer.concat([zip.subarray(0, -22), large, end]));
  expect(await refusalOf({ data }, { needsLabels: false })).toMatch(
    /large\.npz: cannot be read as an archive \(it is a ZIP64 file, /,
  );
});
