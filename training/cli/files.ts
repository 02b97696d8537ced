/** Files that outlive a crash: what was written is whole and on the disk, or not there at all. */

import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { DiskFullError, Failure, isSystemError } from './failure.ts';

/** The ending of files that are not whole yet. */
export const TEMPORARY = '.tmp';

/**
 * Writes a temporary file, syncs and renames it, and syncs the folder, which it makes if there is none.
 * @param data the content, or its pieces in their order
 */
export function writeAtomically(
  path: string,
  data: Uint8Array | string | readonly Uint8Array[],
): void {
  const files = new PartialFiles();
  try {
    const file = files.open(path);
    const isWhole = typeof data === 'string' || data instanceof Uint8Array;
    for (const piece of isWhole ? [data] : data) file.write(piece);
    files.finish();
  } finally {
    files.discard();
  }
}

/** Files that are written piece by piece and get their names once all of them are whole. */
export class PartialFiles {
  readonly #files: { readonly path: string; readonly temporary: string }[] = [];
  /** Handles of those that are still open. */
  readonly #open: number[] = [];
  #isDone = false;

  /**
   * Makes the folder if there is none.
   * @throws Failure if a folder has that very name
   */
  open(path: string): { write(data: Uint8Array | string): void } {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
      throw new Failure(`${path}: found a folder, expected the name of a file.`);
    }
    const folder = dirname(path);
    makeFolder(folder);
    const temporary = join(folder, `${basename(path)}${TEMPORARY}`);
    const file = openSync(temporary, 'w');
    this.#files.push({ path, temporary });
    this.#open.push(file);
    return {
      write(data) {
        named(path, () => writeFileSync(file, data));
      },
    };
  }

  /** Gives all of them their names, once they are on disk. */
  finish(): void {
    for (const [i, file] of this.#open.entries()) {
      named(this.#files[i].path, () => fsyncSync(file));
    }
    this.#close();
    for (const { path, temporary } of this.#files) renameSync(temporary, path);
    for (const { path } of this.#files) syncFolder(dirname(path));
    this.#isDone = true;
  }

  /** Removes them, unless they are finished. */
  discard(): void {
    this.#close();
    if (this.#isDone) return;
    for (const { temporary } of this.#files) rmSync(temporary, { force: true });
  }

  #close(): void {
    for (const file of this.#open.splice(0)) closeSync(file);
  }
}

/**
 * Makes a folder and those that it lies in. Node's own `recursive` never ends where the system says that there is no such
 * place, as in /proc.
 * @throws Failure if a file has the name of one of them
 */
export function makeFolder(folder: string): void {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found?.isDirectory()) return;
  if (found) throw new Failure(`${folder}: found a file, expected a folder.`);
  const parent = dirname(folder);
  if (parent !== folder) makeFolder(parent);
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process may have made it in the meantime.
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}

/** The bytes of a file. @throws Failure where the name is that of a folder, a pipe or a device, which may have no end */
export function readRegularFile(path: string): Buffer {
  if (!statSync(path).isFile())
    throw new Failure(`${path}: found something else, expected a file.`);
  return readFileSync(path);
}

/** Runs what writes into a file that is open, where the system's own messages do not say which. */
function named(path: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (error.code === 'ENOSPC' || error.code === 'EDQUOT') {
      throw new DiskFullError(`${path}: no space is left on the disk to write it; make some room.`);
    }
    throw new Failure(`${path}: ${error.message}.`);
  }
}

/** Adds to the end of a file and waits until it is on disk. */
export function appendDurably(path: string, data: Uint8Array | string): void {
  const file = openSync(path, 'a');
  try {
    named(path, () => {
      writeFileSync(file, data);
      fsyncSync(file);
    });
  } finally {
    closeSync(file);
  }
}

/** Makes a rename last through a power cut; Windows neither needs nor allows it. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
