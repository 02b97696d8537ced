/** Small data sets in the forms that people have, written for tests. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { encode } from 'fast-png';

import type { Size } from '../src/digit.ts';
import type { DataOptions } from '../training/data/options.ts';
import { idx } from './training/helpers.ts';

/** How many pictures each has. */
export const COUNT = 130;

/** Data on the disk, and how they are read. */
export type Written = Partial<DataOptions> & { readonly data: string };
/** Writes data into a folder. */
export type Write = (folder: string) => Written;

/** Bars whose place and brightness depend on the class, of `kinds`, which take turns: (COUNT, height, width). */
export function barsOf({ width, height }: Size, kinds: number): Uint8Array {
  return Uint8Array.from({ length: COUNT * width * height }, (_, i) => {
    const kind = Math.floor(i / (width * height)) % kinds;
    const row = Math.floor((i % (width * height)) / width);
    // So that no two are alike.
    if (i % (width * height) === 0) return Math.floor(i / (width * height));
    return row % kinds === kind % height ? 255 - 3 * kind : 0;
  });
}

/** IDX files by whatever names; labels have as many numbers as `labelsOf` gives. */
export function writeIdx(
  folder: string,
  { prefix, label, labelsOf }: IdxNames,
  { size, kinds }: { readonly size: Size; readonly kinds: number },
): void {
  const labels = Array.from({ length: COUNT }, (_, i) => labelsOf(i % kinds));
  const isList = labels[0].length === 1;
  const labelFile = isList
    ? idx(0x0801, [COUNT], Uint8Array.from(labels.flat()))
    : idx(0x0c02, [COUNT, labels[0].length], bigEndian(labels.flat()));
  const images = idx(0x0803, [COUNT, size.height, size.width], barsOf(size, kinds));
  for (const part of ['train', 'test']) {
    writeFileSync(join(folder, `${prefix}${part}-images-idx3-ubyte.gz`), gzipSync(images));
    writeFileSync(join(folder, `${prefix}${part}-labels-${label}.gz`), gzipSync(labelFile));
  }
}

export interface IdxNames {
  readonly prefix: string;
  /** The last part of the labels' names. */
  readonly label: string;
  readonly labelsOf: (kind: number) => number[];
}

function bigEndian(numbers: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * numbers.length));
  for (const [i, number] of numbers.entries()) view.setInt32(4 * i, number);
  return new Uint8Array(view.buffer);
}

/** PNG files in a folder for each class, or all in one. */
export function writePictures(folder: string, size: Size, classes: readonly string[]): void {
  const { width, height } = size;
  const kinds = Math.max(1, classes.length);
  const bars = barsOf(size, kinds);
  for (let i = 0; i < COUNT; i++) {
    const path = join(folder, classes[i % kinds] ?? '', `${i}.png`);
    mkdirSync(dirname(path), { recursive: true });
    const data = bars.subarray(i * width * height, (i + 1) * width * height);
    writeFileSync(path, encode({ width, height, data, channels: 1 }));
  }
}
