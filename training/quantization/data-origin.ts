/**
 * What a file of weights says about the data that its network learned from: written by trainings, compared
 * where a generator and a classifier come together. Not here: the data themselves (training/data).
 */

import { classesOf, DIGIT, type Motif, type Size } from '../../src/digit.ts';
import { abridge } from '../../src/weights/quote.ts';

type Metadata = Readonly<Record<string, string>>;

/** Of a data set: what weights that learned from it say about it. */
export interface DataFacts extends Size {
  readonly name: string;
  readonly sha256: string;
  /** Names, in the order of their numbers. */
  readonly classes: readonly string[];
}

/** The same as read from a file. */
export interface DataOrigin extends Size {
  /** Undefined where a file does not say. */
  readonly name: string | undefined;
  readonly sha256: string | undefined;
  /** Undefined where a network does not say, and has no input or output for them: it may have been any. */
  readonly classes: readonly string[] | undefined;
}

/** Metadata are no sentence that a file could say about its network. */
export class DataOriginError extends Error {
  override readonly name = 'DataOriginError';
}

/** What a file's `__metadata__` say about the data. */
export function dataMetadata({ name, sha256, width, height, classes }: DataFacts): Metadata {
  return {
    dataset: name,
    datasetSha256: sha256,
    width: `${width}`,
    height: `${height}`,
    classNames: JSON.stringify(classes),
  };
}

/**
 * What a file says about the data. Files from before there were any others than MNIST's say no sizes and no
 * names: their pictures are square, and their classes are called by their numbers.
 * @param pixels inputs or outputs of the network that are a picture
 * @param classes inputs or outputs of it that are classes; 0 if it has none
 * @throws DataOriginError for what does not fit the network
 */
export function dataOriginOf(metadata: Metadata, pixels: number, classes: number): DataOrigin {
  const side = Math.sqrt(pixels);
  const [width, height] = [metadata['width'] ?? side, metadata['height'] ?? side].map(Number);
  if (!isSize(width) || !isSize(height) || width * height !== pixels) {
    const [w, h] = [metadata['width'] ?? 'none', metadata['height'] ?? 'none'];
    throw new DataOriginError(
      `found ${pixels} pixels, width ${abridge(w)} and height ${abridge(h)}, expected a width and a height that fit them`,
    );
  }
  return {
    name: metadata['dataset'],
    sha256: metadata['datasetSha256'],
    width,
    height,
    classes: classNamesIn(metadata, classes),
  };
}

function isSize(size: number): boolean {
  return Number.isInteger(size) && size > 0;
}

function classNamesIn({ classNames }: Metadata, classes: number): readonly string[] | undefined {
  if (classNames === undefined) {
    return classes === 0 ? undefined : Array.from({ length: classes }, (_, place) => `${place}`);
  }
  const names = parse(classNames);
  const areNames = Array.isArray(names) && names.every((name) => typeof name === 'string');
  if (!areNames || (classes > 0 && names.length !== classes)) {
    throw new DataOriginError(
      `classNames is ${abridge(classNames)}, expected a list of ${classes > 0 ? classes : 'all'} names`,
    );
  }
  if (new Set(names).size < names.length) {
    throw new DataOriginError(`classNames is ${abridge(classNames)}, expected each name once`);
  }
  return names;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** Whether a generator has learned from data without classes, so that no classifier belongs to it. */
export function hasNoClasses({ classes }: DataOrigin): boolean {
  return classes?.length === 0;
}

/**
 * Whether two networks go together: whether they learned from the same data, known by their hash. Where one of them does
 * not say that, name, size and classes have to be the same, as far as both say them.
 */
export function haveSameData(one: DataOrigin, other: DataOrigin): boolean {
  if (one.sha256 !== undefined && other.sha256 !== undefined) return one.sha256 === other.sha256;
  const facts: readonly ((origin: DataOrigin) => string | undefined)[] = [
    ({ name }) => name,
    ({ width, height }) => `${width} × ${height}`,
    ({ classes }) => classes && JSON.stringify(classes),
  ];
  return facts.every((fact) => {
    const [a, b] = [fact(one), fact(other)];
    return a === undefined || b === undefined || a === b;
  });
}

/** "fashion-mnist (28 × 28 pixels, 10 classes)" */
export function describeOrigin({ name, width, height, classes, sha256 }: DataOrigin): string {
  const facts = [
    `${width} × ${height} pixels`,
    ...(classes ? [`${classes.length} classes`] : []),
    ...(sha256 === undefined ? [] : [`SHA-256 ${sha256.slice(0, 8)}…`]),
  ];
  return `${abridge(name ?? 'data without a name')} (${facts.join(', ')})`;
}

/** The data set whose pictures are digits. */
export const MNIST = 'MNIST';

/** What a model of these two draws. */
export function motifOf(generator: DataOrigin, classifier: DataOrigin | undefined): Motif {
  const { name = MNIST, width, height } = generator;
  const names = classifier === undefined ? [] : (classifier.classes ?? []);
  return { title: name === MNIST ? DIGIT : name, width, height, classes: classesOf(names) };
}
