import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { DiskFullError, Failure } from '../../../training/cli/failure.ts';
import {
  appendDurably,
  makeFolder,
  readRegularFile,
  writeAtomically,
} from '../../../training/cli/files.ts';
import { failureOf, temporaryFolder } from '../helpers.ts';

describe('a file', () => {
  test('is written whole, in one piece or in several, into a folder that is made for it', () => {
    const folder = join(temporaryFolder(), 'a', 'b');
    writeAtomically(join(folder, 'one'), 'text');
    writeAtomically(join(folder, 'several'), [
      Uint8Array.of(1, 2),
      Uint8Array.of(),
      Uint8Array.of(3),
    ]);
    expect(readFileSync(join(folder, 'one'), 'utf8')).toBe('text');
    expect([...readFileSync(join(folder, 'several'))]).toEqual([1, 2, 3]);
    expect(readdirSync(folder)).toEqual(['one', 'several']);
  });

  test.skipIf(!existsSync('/dev/full'))('for which a disk has no room is named', () => {
    const failure = failureOf(() => appendDurably('/dev/full', 'text'));
    expect(failure).toBeInstanceOf(DiskFullError);
    expect(failure.message).toMatch(/^\/dev\/full: no space is left .*make some room/);
  });

  test.skipIf(!existsSync('/dev/zero'))('that has no end is not read', () => {
    expect(() => readRegularFile('/dev/zero')).toThrow(Failure);
    expect(() => readRegularFile('/dev')).toThrow('/dev: found something else, expected a file.');
  });
});

describe('a folder', () => {
  test('is made with those that it lies in, or is there', () => {
    const folder = join(temporaryFolder(), 'a', 'b');
    makeFolder(folder);
    makeFolder(folder);
    expect(readdirSync(join(folder, '..'))).toEqual(['b']);
  });

  test('is not made within a file', () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    expect(failureOf(() => makeFolder(join(file, 'a', 'b'))).message).toBe(
      `${file}: found a file, expected a folder.`,
    );
  });

  test.skipIf(!existsSync('/proc/self'))(
    'that there cannot be is refused, not tried for ever',
    () => {
      expect(() => makeFolder('/proc/none/run')).toThrow(/^ENOENT/);
    },
  );
});
