/**
 * A folder of pictures: one folder a class, or all in one without classes; and the same in folders `train` and `test`.
 * Not here: how a picture becomes a square of grey levels (picture.ts).
 */

import { type Dirent, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

import { DatasetError } from './dataset.ts';
import { statOf } from './files.ts';
import type { DataOptions } from './options.ts';
import { DEFAULT_SIDE } from './options.ts';
import type { Collection, Source } from './source.ts';

/** Files that systems leave in folders. */
const IGNORED = /^(?:\..*|Thumbs\.db|desktop\.ini|__MACOSX)$/i;
/** So many of the pictures that cannot be read are listed. */
const MAX_LISTED = 20;

type Fitting = Pick<DataOptions, 'side' | 'skipUnreadable'>;

/** A folder's own files and folders, in the order of their names. */
interface Listing {
  readonly folders: readonly string[];
  readonly files: readonly string[];
}

/** @returns undefined for a folder with neither files nor folders of files */
export function pictureSource(
  folder: string,
  fitting: Fitting,
  say: (line: string) => void,
): Source | undefined {
  const { folders, files } = listingOf(folder);
  if (folders.length + files.length === 0) return undefined;
  const collect = (path: string) => () => collectionOf(path, fitting, say);
  const isSplit = files.length === 0 && folders.includes('train') && folders.includes('test');
  return {
    name: basename(folder),
    isFitted: true,
    train: collect(isSplit ? join(folder, 'train') : folder),
    test: isSplit ? collect(join(folder, 'test')) : undefined,
  };
}

function listingOf(folder: string): Listing {
  const entries = readdirSync(folder, { withFileTypes: true }).filter(
    ({ name }) => !IGNORED.test(name),
  );
  const isFolder = (entry: Dirent): boolean =>
    entry.isDirectory() ||
    (entry.isSymbolicLink() && statOf(join(folder, entry.name))?.isDirectory() === true);
  const namesOf = (wanted: boolean): string[] =>
    entries
      .filter((entry) => isFolder(entry) === wanted)
      .map(({ name }) => name)
      .toSorted();
  return { folders: namesOf(true), files: namesOf(false) };
}

/** A picture's file, and the place of its class. */
interface Placed {
  readonly path: string;
  readonly place: number;
}

/** @throws DatasetError for a folder of both, and for pictures that cannot be read unless they are skipped */
async function collectionOf(
  folder: string,
  { side: asked, skipUnreadable }: Fitting,
  say: (line: string) => void,
): Promise<Collection> {
  const { folders, files } = listingOf(folder);
  if (folders.length > 0 && files.length > 0) {
    throw new DatasetError(
      `${folder}: found both ${files[0]} and the folder ${folders[0]}, expected a folder for each class or pictures alone.`,
    );
  }
  const placed: readonly Placed[] =
    folders.length > 0
      ? folders.flatMap((name, place) =>
          readdirSync(join(folder, name))
            .filter((file) => !IGNORED.test(file))
            .toSorted()
            .map((file) => ({ path: join(folder, name, file), place })),
        )
      : files.map((file) => ({ path: join(folder, file), place: 0 }));

  const side = asked ?? DEFAULT_SIDE;
  const images = new Uint8Array(placed.length * side * side);
  const places: number[] = [];
  const unreadable: string[] = [];
  // Only here, where there are pictures: loading the decoders takes as long as reading MNIST.
  const { PictureError, readPicture } = await import('./picture.ts');
  for (const { path, place } of placed) {
    try {
      images.set(await readPicture(path, side), places.length * side * side);
      places.push(place);
    } catch (error) {
      if (!(error instanceof PictureError)) throw error;
      unreadable.push(`${path}: ${error.message}.`);
    }
  }
  for (const line of unreadable.slice(0, MAX_LISTED)) say(line);
  if (unreadable.length > MAX_LISTED) say(`… and ${unreadable.length - MAX_LISTED} more.`);
  if (unreadable.length > 0 && !skipUnreadable) {
    throw new DatasetError(
      `${folder}: found ${unreadable.length} of ${placed.length} files that cannot be read as pictures, expected none; --skip-unreadable leaves them out.`,
    );
  }
  return {
    count: places.length,
    width: side,
    height: side,
    images: images.subarray(0, places.length * side * side),
    labels: () => (folders.length > 0 ? { numbers: places, names: folders } : undefined),
  };
}
