/**
 * Writes a file so that a crash at any instant leaves either the old one or the new one whole.
 */
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** How the names of files end that are not whole yet. */
export const TEMPORARY = '.tmp';

/** Temporary file, fsync, rename, fsync of the folder; makes the folder where there is none. */
export function writeAtomically(path: string, data: Uint8Array | string): void {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true });
  const temporary = join(folder, `${basename(path)}${TEMPORARY}`);
  const file = openSync(temporary, 'w');
  try {
    writeFileSync(file, data);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
  syncFolder(folder);
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
