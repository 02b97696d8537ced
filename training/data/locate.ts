/** Finds out which kind of data a path holds. */

import { basename, resolve } from 'node:path';

import { DatasetError } from './dataset.ts';
import { statOf } from './files.ts';
import { idxSource, isIdxName } from './idx-files.ts';
import { mnistSource } from './mnist.ts';
import { numpySource } from './numpy.ts';
import type { DataOptions } from './options.ts';
import { pictureSource } from './pictures.ts';
import type { Source } from './source.ts';

/**
 * @param say is told what a user should know of how the data are read
 * @throws DatasetError for what is no data
 */
export function locate({ data, ...fitting }: DataOptions, say: (line: string) => void): Source {
  if (data === null) return mnistSource();
  const path = resolve(data);
  const stats = statOf(path);
  if (stats === undefined) {
    throw new DatasetError(`${path}: found no such file or folder, expected data there.`);
  }
  const isFolder = stats.isDirectory();
  const source =
    numpySource(path, say) ??
    (isFolder || isIdxName(path) ? idxSource(path, basename(path)) : undefined) ??
    (isFolder ? pictureSource(path, fitting, say) : undefined);
  if (source !== undefined) return source;
  throw new DatasetError(
    `${path}: found ${isFolder ? 'an empty folder' : 'a file of another kind'}, expected IDX files, a folder of pictures, or a .npy or .npz file.`,
  );
}
