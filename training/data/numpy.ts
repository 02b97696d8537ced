/**
 * NumPy files: an array of images in a .npy file, or arrays of images and labels in a .npz archive, under the names that
 * Keras, MedMNIST, KMNIST and QuickDraw give them. Not here: the format of an array (src/encoders/npy.ts).
 */

import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { type NpyArray, NpyError, parseNpy, parseNpyHeader } from '../../src/encoders/npy.ts';
import { archiveOf } from './archive.ts';
import { DatasetError } from './dataset.ts';
import { readFile, statOf } from './files.ts';
import { greyLevelsOf } from './float-range.ts';
import type { Collection, Labels, Part, Source } from './source.ts';

/** An array, and what a message calls it. */
interface Named {
  readonly name: string;
  readonly array: NpyArray;
}

/** The names of arrays in an archive, the likelier first. */
const ARRAYS = {
  train: {
    images: ['x_train', 'train_images', 'images', 'x', 'X', 'data', 'arr_0'],
    labels: ['y_train', 'train_labels', 'labels', 'y', 'Y'],
  },
  test: {
    images: ['x_test', 'test_images'],
    labels: ['y_test', 'test_labels'],
  },
} as const satisfies Record<Part, Record<string, readonly string[]>>;

/** `kmnist-train-imgs.npz`, with `kmnist-train-labels.npz`, `kmnist-test-imgs.npz` and `kmnist-test-labels.npz` beside it. */
const KMNIST = /^(?<prefix>.*)train-imgs\.npz$/i;

/**
 * @param path a file; or a folder with KMNIST's files
 * @param say is told in which range floats were found
 * @returns undefined for a path that is neither
 */
export function numpySource(path: string, say: (line: string) => void): Source | undefined {
  const file = /\.np[yz]$/i.test(path) ? path : kmnistIn(path);
  if (file === undefined) return undefined;
  const name = basename(file).replace(/\.np[yz]$/i, '');
  const kmnist = KMNIST.exec(basename(file))?.groups;
  if (kmnist !== undefined) {
    const folder = dirname(file);
    const read = (part: Part) => async () =>
      collectionOf(
        onlyArray(join(folder, `${kmnist['prefix']}${part}-imgs.npz`)),
        () => optional(join(folder, `${kmnist['prefix']}${part}-labels.npz`), onlyArray),
        say,
      );
    const test = join(folder, `${kmnist['prefix']}test-imgs.npz`);
    return {
      name: kmnist['prefix'].replace(/[-_. ]+$/, '') || name,
      isFitted: false,
      train: read('train'),
      test: statOf(test) && read('test'),
    };
  }
  if (/\.npy$/i.test(file)) {
    const labels = file.replace(/\.npy$/i, '.labels.npy');
    const train = async (): Promise<Collection> =>
      collectionOf(arrayIn(file), () => optional(labels, arrayIn), say);
    return { name, isFitted: false, train, test: undefined };
  }
  const members = archiveOf(file, (member) => arrayNames().has(member));
  const find = (names: readonly string[]): Named | undefined => {
    const found = names.find((member) => members.has(member));
    return found === undefined ? undefined : memberOf(file, found, members);
  };
  const collect = (part: Part) => async (): Promise<Collection> => {
    const images = find(ARRAYS[part].images);
    if (images === undefined) {
      throw new DatasetError(
        `${file}: found no array of images in it, expected one of ${ARRAYS[part].images.join(', ')}.`,
      );
    }
    return collectionOf(images, () => find(ARRAYS[part].labels), say);
  };
  const hasTest = ARRAYS.test.images.some((member) => members.has(member));
  return {
    name,
    isFitted: false,
    train: collect('train'),
    test: hasTest ? collect('test') : undefined,
  };
}

function arrayNames(): ReadonlySet<string> {
  return new Set(Object.values(ARRAYS).flatMap(({ images, labels }) => [...images, ...labels]));
}

/** The images that a folder of KMNIST's files has to learn from. @throws DatasetError that names two where it has several */
function kmnistIn(path: string): string | undefined {
  if (!statOf(path)?.isDirectory()) return undefined;
  const [one, other] = readdirSync(path)
    .filter((file) => KMNIST.test(file))
    .toSorted();
  if (other !== undefined) {
    throw new DatasetError(
      `${join(path, one)} and ${other}: found both, expected one of them; name one in --data.`,
    );
  }
  return one === undefined ? undefined : join(path, one);
}

function optional<Result>(path: string, read: (path: string) => Result): Result | undefined {
  return statOf(path) === undefined ? undefined : read(path);
}

function arrayIn(path: string): Named {
  const bytes = naming(path, () =>
    readFile(path, ({ start, size }) => void parseNpyHeader(start, size)),
  );
  return { name: path, array: naming(path, () => parseNpy(bytes)) };
}

/** The array of an archive of one. */
function onlyArray(path: string): Named {
  const members = archiveOf(path, () => true);
  const [first, ...others] = members.keys();
  if (first === undefined || others.length > 0) {
    throw new DatasetError(`${path}: found ${members.size} arrays in it, expected one.`);
  }
  return memberOf(path, first, members);
}

function memberOf(path: string, member: string, members: ReadonlyMap<string, Uint8Array>): Named {
  const name = `${path} (${member})`;
  return { name, array: naming(name, () => parseNpy(members.get(member) ?? new Uint8Array(0))) };
}

function collectionOf(
  { name, array }: Named,
  labels: () => Named | undefined,
  say: (line: string) => void,
): Collection {
  const [count, height, width] = imageShape(name, array.shape);
  return {
    count,
    height,
    width,
    images: greyLevelsOf(name, array, say),
    labels: () => {
      const found = labels();
      return found && { numbers: numbersOf(found) };
    },
  };
}

/** @throws DatasetError for an array that holds no grey images */
function imageShape(name: string, shape: readonly number[]): readonly [number, number, number] {
  // Of several channels, grey pictures have one.
  const [count, ...size] = shape.length === 4 && shape[3] === 1 ? shape.slice(0, 3) : shape;
  if (size.length === 2) return [count, size[0], size[1]];
  const side = Math.sqrt(size[0] ?? 0);
  if (size.length === 1 && Number.isInteger(side)) return [count, side, side];
  throw new DatasetError(
    `${name}: found an array of shape (${shape.join(', ')}), expected (count, height, width), or (count, pixels) of squares.`,
  );
}

/** @throws DatasetError for an array that holds no labels */
function numbersOf({ name, array: { shape, type, data } }: Named): Labels['numbers'] {
  const isList = shape.length === 1 || (shape.length === 2 && shape[1] === 1);
  const numbers = Array.from(data as ArrayLike<number | bigint>, Number);
  if (isList && numbers.every(Number.isSafeInteger)) return numbers;
  throw new DatasetError(
    `${name}: found an array of shape (${shape.join(', ')}), type ${type}, expected a whole number for each image.`,
  );
}

/** @throws DatasetError that names the array */
function naming<Result>(name: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    throw error instanceof NpyError ? new DatasetError(`${name}: ${error.message}.`) : error;
  }
}
