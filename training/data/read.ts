/**
 * Whatever --data names → checked data sets: finds out what it is, keeps the classes that are asked for, turns the
 * images, and sets a tenth aside where there are none to test on. Not here: each format.
 */

import { createHash } from 'node:crypto';
import { resolve } from 'node:path';

import { idxHeader } from '../../src/encoders/idx.ts';
import { UsageError } from '../cli/failure.ts';
import { type Classes, classesIn } from './classes.ts';
import { type Dataset, DatasetError } from './dataset.ts';
import { locate } from './locate.ts';
import { MNIST, MNIST_DATA_SHA256 } from './mnist.ts';
import {
  DATA_DEFAULTS,
  type DataOptions,
  MAX_SIDE,
  MIN_SIDE,
  type Parts,
  type Reading,
} from './options.ts';
import { setAside } from './set-aside.ts';
import type { Collection, Labels, Part } from './source.ts';
import { turned } from './turn.ts';

/** The images to learn from. @throws DatasetError, UsageError for options that do not fit the data */
export async function readDataset(
  options: DataOptions = DATA_DEFAULTS,
  reading: Reading = {},
): Promise<Dataset> {
  return (await readParts(options, reading, ['train'])).train;
}

/** The images to learn from, and those to test on. @throws as {@link readDataset} */
export async function readBoth(options: DataOptions, reading: Reading = {}): Promise<Parts> {
  return readParts(options, reading, ['train', 'test']);
}

/** What is known of a part before it has its final name and hash. */
type Content = Omit<Dataset, 'name' | 'sha256'>;

async function readParts<Asked extends Part>(
  options: DataOptions,
  { needsLabels = false, say = () => {} }: Reading,
  asked: readonly Asked[],
): Promise<Record<Asked, Dataset>> {
  const source = locate(options, say);
  const path = options.data === null ? MNIST : resolve(options.data);
  if (options.side !== null && !source.isFitted) {
    throw new UsageError(
      `--side: found ${options.side}, expected no such flag: only pictures are fitted into a square.`,
    );
  }
  const isStrict = needsLabels || options.classes !== null;
  const train = await source.train();
  checkSize(path, train);
  const labels = labelsOf(path, train, isStrict, say);
  if (labels === undefined && options.classes !== null) {
    throw new UsageError(`--classes: found no labels in ${path}, expected some to choose from.`);
  }
  const classes = labels && tryClasses(path, labels, options, isStrict, say);
  const learned = contentOf(train, classes && labels, classes, options);
  if (learned.count === 0) throw new DatasetError(`${path}: found no image, expected some.`);

  let contents: Record<Part, Content>;
  if (source.test === undefined) {
    contents = divided(path, learned);
    const { train: rest, test } = contents;
    say(
      `${source.name}: found no images to test on; ${test.count} of ${test.count + rest.count} are set aside, chosen by their hashes.`,
    );
  } else if ((asked as readonly Part[]).includes('test')) {
    const test = await source.test();
    if (test.width !== train.width || test.height !== train.height) {
      throw new DatasetError(
        `${path}: found test images of ${test.width} × ${test.height} pixels, expected ${train.width} × ${train.height} as in those to learn from.`,
      );
    }
    const testLabels = classes && labelsOf(path, test, isStrict, say);
    if (classes !== undefined && testLabels === undefined && isStrict) {
      throw new DatasetError(`${path}: found no labels of the test images, expected some.`);
    }
    const tested = contentOf(test, testLabels, testLabels && classes, options, path);
    if (tested.count === 0) {
      throw new DatasetError(`${path}: found no image to test on, expected some.`);
    }
    contents = { train: learned, test: tested };
  } else {
    contents = { train: learned, test: learned };
  }
  const learnedSha256 = hashOf(learned);
  const name = nameOf(source.name, options, learnedSha256);
  const parts = asked.map((part) => {
    const content = contents[part];
    const sha256 = content === learned ? learnedSha256 : hashOf(content);
    return [part, { name, ...content, sha256 }] as const;
  });
  return Object.fromEntries(parts) as Record<Asked, Dataset>;
}

/** MNIST is MNIST wherever it lies; a part of a data set is called by its classes. */
function nameOf(name: string, { classes, transpose, invert }: DataOptions, sha256: string): string {
  if (sha256 === MNIST_DATA_SHA256) return MNIST;
  const isChanged = name === MNIST && (transpose || invert);
  if (classes !== null) return `${name} (${classes})`;
  return isChanged ? `${name} (turned)` : name;
}

function checkSize(path: string, { width, height, count }: Collection): void {
  if (count === 0) throw new DatasetError(`${path}: found no image, expected some.`);
  if ([width, height].every((side) => side >= MIN_SIDE && side <= MAX_SIDE)) return;
  throw new DatasetError(
    `${path}: found images of ${width} × ${height} pixels, expected ${MIN_SIDE} to ${MAX_SIDE} each way.`,
  );
}

/** Where nothing needs them, damaged labels are as good as none. */
function leniently<Result>(
  isStrict: boolean,
  say: (line: string) => void,
  action: () => Result,
): Result | undefined {
  try {
    return action();
  } catch (error) {
    if (isStrict || !(error instanceof DatasetError)) throw error;
    say(`${error.message} Nothing needs labels here: the images are read without them.`);
    return undefined;
  }
}

function labelsOf(
  path: string,
  { count, labels: read }: Collection,
  isStrict: boolean,
  say: (line: string) => void,
): Labels | undefined {
  return leniently(isStrict, say, () => {
    const labels = read();
    if (labels === undefined || labels.numbers.length === count) return labels;
    throw new DatasetError(
      `${path}: found ${labels.numbers.length} labels, expected ${count}, one for each image.`,
    );
  });
}

function tryClasses(
  path: string,
  labels: Labels,
  options: DataOptions,
  isStrict: boolean,
  say: (line: string) => void,
): Classes | undefined {
  return leniently(isStrict, say, () => classesIn(path, labels, options));
}

/**
 * The images of the classes that are kept, turned, with the places of their classes.
 * @param path of test images, whose classes must be among those that were learned
 */
function contentOf(
  collection: Collection,
  labels: Labels | undefined,
  classes: Classes | undefined,
  options: DataOptions,
  path?: string,
): Content {
  const { count, width, height, images } = turned(collection, options);
  if (labels === undefined || classes === undefined) {
    return { count, width, height, images, classes: [], labels: undefined };
  }
  const places = Array.from(labels.numbers, (number) => classes.places.get(number));
  const stray = places.indexOf(undefined);
  if (path !== undefined && stray !== -1 && options.classes === null) {
    const found = labels.names?.[labels.numbers[stray]] ?? labels.numbers[stray];
    throw new DatasetError(
      `${path}: found class ${found} among the test images, expected only classes of the images to learn from.`,
    );
  }
  const all = { width, height, count, images, classes: classes.names };
  return select({ ...all, labels: Uint8Array.from(places, (place) => place ?? 0) }, (index) => {
    return places[index] !== undefined;
  });
}

function select(content: Content, isKept: (index: number) => boolean): Content {
  const { count, width, height, images, labels } = content;
  const kept = Array.from({ length: count }, (_, index) => index).filter(isKept);
  if (kept.length === count) return content;
  const size = width * height;
  const selected = new Uint8Array(kept.length * size);
  for (const [to, from] of kept.entries()) {
    selected.set(images.subarray(from * size, (from + 1) * size), to * size);
  }
  return {
    ...content,
    count: kept.length,
    images: selected,
    labels: labels && Uint8Array.from(kept, (index) => labels[index]),
  };
}

function divided(path: string, content: Content): Record<Part, Content> {
  const isSetAside = setAside(content.images, content.width * content.height);
  const train = select(content, (index) => !isSetAside[index]);
  if (train.count === 0) {
    throw new DatasetError(
      `${path}: found ${content.count} ${content.count === 1 ? 'image' : 'images, all alike'}, expected several, of which a tenth is set aside.`,
    );
  }
  return { train, test: select(content, (index) => isSetAside[index]) };
}

function hashOf({ count, width, height, images, labels }: Content): string {
  const sha256 = createHash('sha256')
    .update(idxHeader([count, height, width]))
    .update(images);
  if (labels !== undefined) sha256.update(idxHeader([count])).update(labels);
  return sha256.digest('hex');
}
