/** Files that outlive a crash: what was written is whole and on the disk, or not there at all. */

import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { Failure } from './failure.ts';

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
    mkdirSync(folder, { recursive: true });
    const temporary = join(folder, `${basename(path)}${TEMPORARY}`);
    const file = openSync(temporary, 'w');
    this.#files.push({ path, temporary });
    this.#open.push(file);
    return {
      write(data) {
        writeFileSync(file, data);
      },
    };
  }

  /** Gives all of them their names, once they are on disk. */
  finish(): void {
    for (const file of this.#open) fsyncSync(file);
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

/** Adds to the end of a file and waits until it is on disk. */
export function appendDurably(path: string, data: Uint8Array | string): void {
  const file = openSync(path, 'a');
  try {
    writeFileSync(file, data);
    fsyncSync(file);
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
