/**
 * A checked data set: images and labels as bytes, which is all that the other rooms know of data. Not here: how
 * it is read (read.ts), and what networks are shown of the images (batches.ts).
 */

import { Failure } from '../cli/failure.ts';

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
  /** SHA-256 of images and labels as IDX files, one after the other, in hex: what a resumed run compares. */
  readonly sha256: string;
}

/** A data set whose images have classes. */
export type LabelledDataset = Dataset & { readonly labels: Uint8Array };

/** A file that is missing, damaged or not of the kind that is expected. */
export class DatasetError extends Failure {
  override name = 'DatasetError';
}

/** Bounds on the number of classes that networks learn. */
export const MIN_CLASSES = 2;
export const MAX_CLASSES = 100;

/**
 * @param user what needs the classes, for the message
 * @throws DatasetError if there are none, or too few or too many of them
 */
export function requireLabels({ labels, ...dataset }: Dataset, user: string): LabelledDataset {
  const { name, classes } = dataset;
  const expected = `expected ${MIN_CLASSES} to ${MAX_CLASSES} classes for ${user}`;
  if (labels === undefined) throw new DatasetError(`${name}: found no labels, ${expected}.`);
  if (classes.length < MIN_CLASSES || classes.length > MAX_CLASSES) {
    const found = classes.length === 1 ? 'a single class' : `${classes.length} classes`;
    throw new DatasetError(`${name}: found ${found}, ${expected}.`);
  }
  return { ...dataset, labels };
}
