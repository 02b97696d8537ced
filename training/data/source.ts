/** What every kind of data is read into before anything is chosen or turned: images and labels as they come. */

/** Images as bytes, with their labels if there are any. */
export interface Collection {
  readonly count: number;
  /** Of each image, in pixels. */
  readonly width: number;
  readonly height: number;
  /** (count, height, width) */
  readonly images: Uint8Array;
  /**
   * Reads the labels; undefined where there are none.
   * @throws DatasetError
   */
  readonly labels: () => Labels | undefined;
}

/** Classes as a source has them. */
export interface Labels {
  /** A whole number for each image. */
  readonly numbers: ArrayLike<number>;
  /** The names of the classes whose numbers are 0, 1, 2 …, where a source has names. */
  readonly names?: readonly string[];
}

/** A place that data are read from. */
export interface Source {
  /** What the data set is called. */
  readonly name: string;
  /** Whether --side says how large its images are. */
  readonly isFitted: boolean;
  /** @throws DatasetError */
  readonly train: () => Promise<Collection>;
  /** Undefined where there are no images to test on. @throws DatasetError */
  readonly test: (() => Promise<Collection>) | undefined;
}

/** The part of a data set that a file's or a folder's name speaks of. */
export type Part = 'train' | 'test';
