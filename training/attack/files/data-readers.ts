/** What reads data to learn from: IDX files of several names, raw and compressed, NumPy's files, pictures. */

import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import * as fc from 'fast-check';
import { zipSync } from 'fflate';

import { encodeIdx } from '../../../src/encoders/idx.ts';
import { encodeNpy, npyHeader } from '../../../src/encoders/npy.ts';
import { UsageError } from '../../cli/failure.ts';
import { DatasetError } from '../../data/dataset.ts';
import { DATA_DEFAULTS, MIN_SIDE } from '../../data/options.ts';
import { PictureError, readPicture } from '../../data/picture.ts';
import { readBoth } from '../../data/read.ts';
import { strange } from './mutations.ts';
import type { RealFiles } from './real-files.ts';
import { refusedOr, type Subject, subject } from './subject.ts';

/** Pictures as Pillow writes them, in every format that is read and one that is not. */
const PICTURES = join(import.meta.dirname, '../../../test/training/data/pillow');

/** A file beside whole ones, under a name that its reader goes by. */
interface Case {
  readonly name: string;
  readonly file: Uint8Array;
}

function named(names: readonly string[], files: readonly Uint8Array[]): fc.Arbitrary<Case> {
  return fc.record({ name: fc.constantFrom(...names), file: strange(...files) });
}

export function dataReaders({ images, labels }: RealFiles): Subject[] {
  return [
    inFolder(
      'IDX, in folders',
      named(
        ['train-images-idx3-ubyte', 'train-images.idx3-ubyte', 'train-labels-idx1-ubyte'],
        [images, labels],
      ),
      { 'train-images-idx3-ubyte': images, 'train-labels-idx1-ubyte': labels },
    ),
    inFolder(
      'IDX, compressed',
      named(
        [
          'x-train-images-idx3-ubyte.gz',
          'x-test-images-idx3-ubyte.gz',
          'x-train-labels-idx2-int.gz',
        ],
        [images, labels, bomb()].map((file) => gzipSync(file)),
      ),
      { 'x-train-images-idx3-ubyte.gz': gzipSync(images) },
    ),
    inFolder('NPY', named(['images.npy', 'images.labels.npy'], arrays()), {
      'images.npy': arrays()[0],
    }),
    inFolder('NPZ', named(['set.npz', 'train-imgs.npz'], archives()), {}),
    pictures(),
  ];
}

/** Images whose header is right: all black, so that a file a thousand times smaller holds them. */
function bomb(): Uint8Array {
  const [count, side] = [4096, 64];
  return encodeIdx([count, side, side], new Uint8Array(count * side * side));
}

function arrays(): [Uint8Array, ...Uint8Array[]] {
  const [count, side] = [6, 8];
  const bytes = Uint8Array.from({ length: count * side * side }, (_, i) => (i * 37) % 256);
  const floats = Float32Array.from(bytes, (byte) => byte / 255);
  const numbers = Uint8Array.from({ length: count }, (_, i) => i % 3);
  return [
    encodeNpy([count, side, side], bytes),
    encodeNpy([count, side * side], bytes),
    Buffer.concat([npyHeader([count, side, side], '<f4'), new Uint8Array(floats.buffer)]),
    encodeNpy([count], numbers),
  ];
}

/** Compressed and stored, by the names of Keras and of KMNIST. */
function archives(): Uint8Array[] {
  const [bytes, , floats, numbers] = arrays();
  return [
    zipSync({ 'x_train.npy': bytes, 'y_train.npy': numbers, 'x_test.npy': floats }),
    zipSync({ 'x_train.npy': floats, 'y_train.npy': numbers }, { level: 0 }),
    zipSync({ 'arr_0.npy': bytes }),
  ];
}

/** The case's file takes the place of the whole one of that name; what is read has as many numbers as it says. */
function inFolder(
  name: string,
  cases: fc.Arbitrary<Case>,
  whole: Readonly<Record<string, Uint8Array>>,
): Subject {
  const folder = mkdtempSync(join(tmpdir(), 'attack-'));
  const data = join(folder, 'data');
  return subject(
    name,
    cases,
    async ({ name: own, file }) => {
      rmSync(data, { recursive: true, force: true });
      mkdirSync(data);
      for (const [each, bytes] of Object.entries({ ...whole, [own]: file })) {
        writeFileSync(join(data, each), bytes);
      }
      const only = readdirSync(data).find((each) => /^(?:images|set)\.np[yz]$/.test(each));
      const options = { ...DATA_DEFAULTS, data: only === undefined ? data : join(data, only) };
      await refusedOr([DatasetError, UsageError], async () => {
        const { train, test } = await readBoth(options);
        for (const { count, width, height, images: pixels, labels: places, classes } of [
          train,
          test,
        ]) {
          if (pixels.length !== count * width * height) throw new Error(`${pixels.length} pixels`);
          if (places?.some((place) => place >= classes.length)) throw new Error('a strange class');
        }
      });
    },
    () => rmSync(folder, { recursive: true }),
  );
}

function pictures(): Subject {
  const folder = mkdtempSync(join(tmpdir(), 'attack-'));
  const path = join(folder, 'picture');
  const real = readdirSync(PICTURES).map(
    (name) => new Uint8Array(readFileSync(join(PICTURES, name))),
  );
  return subject(
    'pictures',
    strange(...real),
    async (file) => {
      writeFileSync(path, file);
      await refusedOr([PictureError], async () => {
        const levels = await readPicture(path, MIN_SIDE);
        if (levels.length !== MIN_SIDE ** 2) throw new Error(`${levels.length} levels`);
      });
    },
    () => rmSync(folder, { recursive: true }),
  );
}
