import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { dataFolder, idx, temporaryFolder } from '../helpers.ts';
import { read, readParts, refusalOf } from './reading.ts';

/** Five images of the classes 3, 26, 1, 3, 26. */
const NUMBERS = [3, 26, 1, 3, 26];
const labelled = (numbers: readonly number[] = NUMBERS): string => {
  const labels = idx(0x0801, [numbers.length], Uint8Array.from(numbers));
  return dataFolder(numbers.length, {
    'train-labels-idx1-ubyte': labels,
    't10k-labels-idx1-ubyte': labels,
  });
};

function namesFile(text: string): string {
  const path = join(temporaryFolder(), 'names.txt');
  writeFileSync(path, text);
  return path;
}

describe('classes', () => {
  test('are the numbers that occur, in ascending order', async () => {
    const { data } = await read({ data: labelled() });
    expect(data.classes).toEqual(['1', '3', '26']);
    expect([...data.labels!]).toEqual([1, 2, 0, 1, 2]);
  });

  test('are called as a file says, one a line', async () => {
    const options = { data: labelled(), classNames: namesFile('a\r\nc d\nz\n\n') };
    expect((await read(options)).data.classes).toEqual(['a', 'c d', 'z']);
  });

  test('can be taken in part, by name', async () => {
    const classNames = namesFile('a\nc\nz\n');
    const { train, test: tested } = (
      await readParts({ data: labelled(), classNames, classes: 'z, a' })
    ).data;
    expect(train).toMatchObject({ count: 3, classes: ['a', 'z'] });
    expect([...train.labels!]).toEqual([1, 0, 1]);
    expect(train.images.filter((_, i) => i % 784 === 0)).toEqual(Uint8Array.of(1, 2, 4));
    expect([...tested.labels!]).toEqual([1, 0, 1]);
  });

  test('of more than a hundred are too many, unless a part is taken or nothing needs them', async () => {
    const data = labelled(Array.from({ length: 101 }, (_, i) => i));
    expect(await refusalOf({ data })).toBe(
      `${data}: found 101 classes, expected at most 100; --classes a,b,c takes a part of them.`,
    );
    expect((await read({ data, classes: '7,100' })).data.classes).toEqual(['7', '100']);
    expect((await read({ data }, false)).data.classes).toEqual([]);
  });

  test.each([
    [{ classes: '3,4' }, "--classes: found '4', expected some of 1, 3, 26."],
    [
      { classNames: 'a\nb\n' },
      '--class-names: found 2 names, expected 3 different names, one a line, of the classes 1, 3, 26.',
    ],
    [{ classNames: 'a\n\nb\n' }, '--class-names: found an empty line, expected 3 different'],
    [{ classNames: 'a\nb\na\n' }, "--class-names: found 'a' twice, expected 3 different"],
    [{ classNames: 'x'.repeat(1e5) }, '--class-names: found 100000 bytes, expected 3 different'],
    [{ side: 28 }, '--side: found 28, expected no such flag: only pictures'],
  ])('%j is wrong use', async (options, says) => {
    const classNames = 'classNames' in options ? namesFile(options.classNames) : null;
    expect(
      await refusalOf({ data: labelled(), ...options, classNames }, { exitCode: 2 }),
    ).toContain(says);
  });

  test('cannot be chosen where there are none', async () => {
    const data = dataFolder(3, { 'train-labels-idx1-ubyte': null });
    expect(await refusalOf({ data, classes: '1' }, { exitCode: 2 })).toContain('found no labels');
  });

  test('are called by a file that must be there', async () => {
    const classNames = join(temporaryFolder(), 'none.txt');
    expect(await refusalOf({ data: labelled(), classNames })).toBe(
      `${classNames}: found no such file.`,
    );
  });
});
