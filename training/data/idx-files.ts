/**
 * A folder of IDX files, under the names by which MNIST and its kin are spread:
 * `train-images-idx3-ubyte`, `train-images.idx3-ubyte`, `emnist-letters-test-labels-idx1-ubyte.gz`,
 * `qmnist-train-labels-idx2-int.gz`. Not here: the format itself (src/encoders/idx.ts).
 */

import { readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

import { IdxError, idxShape, parseIdx, parseIdxLabels } from '../../src/encoders/idx.ts';
import { DatasetError } from './dataset.ts';
import { readFile } from './files.ts';
import type { Collection, Part, Source } from './source.ts';

const NAME =
  /^(?<prefix>(?:.*[-_. ])?)(?<part>train|t10k|test)-(?<kind>images|labels)[-.]idx\d-(?:ubyte|int)(?:\.gz)?$/i;

interface IdxFile {
  readonly path: string;
  readonly prefix: string;
  readonly part: Part;
  readonly kind: 'images' | 'labels';
}

/** Is shown what a file holds; throws if it should hold something else. */
type Check = (path: string, bytes: Uint8Array) => void;

/**
 * @param path a folder, or the file of images to learn from in it, where a folder has several
 * @returns undefined where no file has such a name
 */
export function idxSource(path: string, name: string, check: Check = () => {}): Source | undefined {
  const named = idxFileOf(path);
  const folder = resolve(named === undefined ? path : dirname(path));
  const files = readdirSync(folder)
    .toSorted()
    .map((file) => idxFileOf(join(folder, file)))
    .filter((file) => file !== undefined);
  if (files.length === 0) return undefined;
  const train = named ?? onlyOne(files, { part: 'train', kind: 'images' });
  if (train?.part !== 'train' || train.kind !== 'images') {
    const expected = join(folder, 'train-images-idx3-ubyte');
    throw new DatasetError(`${expected}: found no such file, expected it there, raw or with .gz.`);
  }
  const { prefix } = train;
  const test = onlyOne(files, { part: 'test', kind: 'images', prefix });
  const collect = (images: IdxFile) => async (): Promise<Collection> =>
    collectionOf(images, onlyOne(files, { part: images.part, kind: 'labels', prefix }), check);
  return { name, isFitted: false, train: collect(train), test: test && collect(test) };
}

/** Whether a file's name is one of those. */
export function isIdxName(path: string): boolean {
  return idxFileOf(path) !== undefined;
}

function idxFileOf(path: string): IdxFile | undefined {
  const groups = NAME.exec(basename(path))?.groups;
  if (groups === undefined) return undefined;
  return {
    path: resolve(path),
    prefix: groups['prefix'],
    part: groups['part'].toLowerCase() === 'train' ? 'train' : 'test',
    kind: groups['kind'].toLowerCase() === 'images' ? 'images' : 'labels',
  };
}

/** @throws DatasetError that names two where there are several */
function onlyOne(
  files: readonly IdxFile[],
  { part, kind, prefix }: Pick<IdxFile, 'part' | 'kind'> & { prefix?: string },
): IdxFile | undefined {
  const [one, other] = files.filter(
    (file) =>
      file.part === part && file.kind === kind && (prefix === undefined || file.prefix === prefix),
  );
  if (other === undefined) return one;
  const advice =
    one.prefix === other.prefix
      ? 'remove one of them'
      : 'name the one with the images to learn from in --data';
  throw new DatasetError(
    `${one.path} and ${basename(other.path)}: found both, expected one of them; ${advice}.`,
  );
}

function collectionOf(images: IdxFile, labels: IdxFile | undefined, check: Check): Collection {
  const bytes = naming(images.path, () =>
    readFile(images.path, ({ start, size }) => void idxShape(start, size, 3)),
  );
  check(images.path, bytes);
  const {
    shape: [count, height, width],
    data,
  } = naming(images.path, () => parseIdx(bytes, 3));
  return {
    count,
    width,
    height,
    images: data,
    labels: () => {
      if (labels === undefined) return undefined;
      const file = readFile(labels.path);
      check(labels.path, file);
      return { numbers: naming(labels.path, () => parseIdxLabels(file)) };
    },
  };
}

/** @throws DatasetError that names the file */
function naming<Result>(path: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    throw error instanceof IdxError ? new DatasetError(`${path}: ${error.message}.`) : error;
  }
}
