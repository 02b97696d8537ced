/** Reads files that may be anything: regular ones alone, and no more bytes than their bounds allow. */

import { closeSync, openSync, readFileSync, readSync, type Stats, statSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

import { reasonOf } from '../cli/failure.ts';
import { DatasetError } from './dataset.ts';

/** Of a file, compressed or not: 1 GiB, which is EMNIST's largest twice over. */
export const MAX_FILE_BYTES = 2 ** 30;

/** The first bytes of a file, and how many there are in all. */
export interface FileStart {
  readonly start: Uint8Array;
  readonly size: number;
}

/** What is at a path; undefined where there is nothing. */
export function statOf(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false });
}

/** @throws DatasetError for what is no regular file, such as a pipe, which might never end, or is too large */
export function requireFile(path: string, maxBytes = MAX_FILE_BYTES): number {
  const stats = tried(path, () => statSync(path));
  if (!stats.isFile()) {
    const found = stats.isDirectory() ? 'a folder' : 'a pipe or a device';
    throw new DatasetError(`${path}: found ${found}, expected a regular file.`);
  }
  if (stats.size > maxBytes) {
    throw new DatasetError(
      `${path}: found ${stats.size} bytes, expected at most ${maxBytes}; divide it.`,
    );
  }
  return stats.size;
}

/**
 * A whole file, decompressed where its name ends in .gz.
 * @param check is shown the start of a file that is not compressed before the rest is read; throws if it is damaged
 * @throws DatasetError
 */
export function readFile(path: string, check?: (file: FileStart) => void): Uint8Array {
  const size = requireFile(path);
  const isCompressed = /\.gz$/i.test(path);
  if (!isCompressed) check?.({ start: startOf(path), size });
  const bytes = tried(path, () => readFileSync(path));
  if (!isCompressed) return bytes;
  return tried(path, () => gunzipSync(bytes, { maxOutputLength: MAX_FILE_BYTES }));
}

/** As much as the header of any format takes. */
const START_BYTES = 4096;

function startOf(path: string): Uint8Array {
  return tried(path, () => {
    const file = openSync(path, 'r');
    try {
      const start = new Uint8Array(START_BYTES);
      return start.subarray(0, readSync(file, start, 0, START_BYTES, 0));
    } finally {
      closeSync(file);
    }
  });
}

function tried<Result>(path: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new DatasetError(`${path}: found no such file.`);
    if (code === 'ERR_BUFFER_TOO_LARGE') {
      throw new DatasetError(
        `${path}: found more than ${MAX_FILE_BYTES} bytes in it, expected at most so many; divide it.`,
      );
    }
    throw new DatasetError(`${path}: cannot be read (${reasonOf(error)}); fetch it again.`);
  }
}
