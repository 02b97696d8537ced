/**
 * A lock that one process at a time holds, and that the system takes back when that process ends, however it ends: no
 * crash leaves it behind, and no process is mistaken for another. Node has no such lock of its own; SQLite, which it has
 * built in, locks its files so on Linux, macOS and Windows (https://sqlite.org/lockingv3.html). Nothing is stored.
 */

import { DatabaseSync } from 'node:sqlite';

/** SQLite's code where another connection has the lock (https://sqlite.org/rescode.html#busy). */
const BUSY = 5;

/** A lock that is held until it is released, or the process ends. */
export interface Lock {
  release(): void;
}

/** Connections that lock: one that nobody refers to would be collected, and closed. */
const held = new Set<DatabaseSync>();

/**
 * Takes the lock of a file, which is made if there is none, stays, and is empty.
 * @returns undefined if somebody holds it
 * @throws Error if there can be no such file
 */
export function takeLock(path: string): Lock | undefined {
  const connection = new DatabaseSync(path);
  try {
    // Without a journal on the disk, which would be a second file.
    connection.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    connection.close();
    if ((error as { errcode?: number }).errcode === BUSY) return undefined;
    throw error;
  }
  held.add(connection);
  return {
    release() {
      if (held.delete(connection)) connection.close();
    },
  };
}
