/** Folders of pictures. Those in pillow/ were written by Pillow 12.3: left half 20, right half 230, 16 × 12 pixels. */

import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { encode } from 'fast-png';
import { describe, expect, test } from 'vitest';

import { readPicture } from '../../../training/data/picture.ts';
import { temporaryFolder } from '../helpers.ts';
import { read, readParts, refusalOf } from './reading.ts';

const PILLOW = join(import.meta.dirname, 'pillow');

/** A folder with these files: a name of one in pillow/, or bytes. */
function folderOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    if (typeof content === 'string') copyFileSync(join(PILLOW, content), path);
    else writeFileSync(path, content);
  }
  return folder;
}

/** A grey PNG of one level. */
const flat = (width: number, height: number, level: number) =>
  encode({ width, height, data: new Uint8Array(width * height).fill(level), channels: 1 });
/** Such pictures in a folder, so many that a tenth can be set aside. */
const flats = (folder: string, count: number, level: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`${folder}${i}.png`, flat(32, 32, level + i)]),
  );

describe('a picture', () => {
  test.each([
    'halves.png',
    'halves.jpg',
    'halves.gif',
    'halves.bmp',
    'halves-transparent.png',
    'halves-16-bit.png',
  ])('%s is fitted into a square', async (name) => {
    const data = folderOf({ [`a/${name}`]: name, ...flats('b/', 5, 100) });
    const parts = (await readParts({ data, side: 8 })).data;
    const { images } = [parts.train, parts.test].find(({ labels }) => labels!.includes(0))!;
    const labels = [...parts.train.labels!].includes(0) ? parts.train.labels! : parts.test.labels!;
    const start = labels.indexOf(0) * 64;
    // 8 × 6 in the middle: rows 1 to 6.
    const row = [...images.subarray(start + 3 * 8, start + 4 * 8)];
    for (const level of row.slice(0, 4)) expect(Math.abs(level - 20)).toBeLessThan(4);
    for (const level of row.slice(4)) expect(Math.abs(level - 230)).toBeLessThan(4);
  });

  test('has the luminance of its colours', async () => {
    const data = folderOf(
      Object.fromEntries([0, 1, 2].map((i) => [`${i}.png`, 'red-and-green.png'] as const)),
    );
    // All alike: a tenth cannot be set aside.
    expect(await refusalOf({ data }, { needsLabels: false })).toContain('all alike');
    const other = folderOf({ 'a.png': 'red-and-green.png', 'b.png': flat(8, 8, 0) });
    const { train, test: tested } = (await readParts({ data: other, side: 8 }, false)).data;
    const images = [...train.images, ...tested.images];
    expect(images).toContain(76);
    expect(images).toContain(150);
  });
});

const sha256 = async (data: string, invert = false) =>
  (await read({ data, invert }, false)).data.sha256;

describe('a folder', () => {
  test('of folders has their names for classes, in their order', async () => {
    const data = folderOf({
      ...flats('cat/', 8, 0),
      ...flats('ant/', 7, 50),
      ...flats('bee/', 6, 90),
    });
    const { train } = (await readParts({ data, side: 32 })).data;
    expect(train).toMatchObject({ classes: ['ant', 'bee', 'cat'], width: 32, height: 32 });
    expect(train.images).toHaveLength(train.count * 1024);
  });

  test('of pictures alone has no classes', async () => {
    const { data, lines } = await read({ data: folderOf(flats('', 20, 0)) }, false);
    expect(data).toMatchObject({
      classes: [],
      labels: undefined,
      count: 18,
      width: 28,
      height: 28,
    });
    expect(lines).toEqual([expect.stringMatching(/2 of 20 are set aside/)]);
  });

  test('may have a part to test on', async () => {
    const data = folderOf({
      ...flats('train/a/', 3, 0),
      ...flats('train/b/', 3, 50),
      ...flats('test/a/', 1, 90),
      ...flats('test/b/', 1, 99),
    });
    const { train, test: tested } = (await readParts({ data })).data;
    expect([train.count, tested.count]).toEqual([6, 2]);
    expect(train.classes).toEqual(['a', 'b']);
  });

  test('is known by its pictures, wherever it lies and whatever they are called', async () => {
    const one = await sha256(folderOf(flats('', 12, 0)));
    expect(await sha256(folderOf(flats('x', 12, 0)))).toBe(one);
    expect(await sha256(folderOf(flats('', 12, 1)))).not.toBe(one);
    expect(await sha256(folderOf(flats('', 12, 0)), true)).not.toBe(one);
  });

  test('with what is no picture lists it, and goes on only if it may be skipped', async () => {
    const png = flat(32, 32, 7);
    const files = {
      ...flats('', 20, 0),
      'cut.png': png.subarray(0, png.length - 20),
      'notes.txt': Buffer.from('text'),
      'new.webp': 'halves.webp',
      '.DS_Store': Buffer.from('no picture'),
      'Thumbs.db': Buffer.from('no picture'),
    };
    const data = folderOf(files);
    expect(await refusalOf({ data }, { needsLabels: false })).toBe(
      `${data}: found 3 of 23 files that cannot be read as pictures, expected none; --skip-unreadable leaves them out.`,
    );
    const { data: parts, lines } = await readParts({ data, skipUnreadable: true }, false);
    expect(parts.train.count + parts.test.count).toBe(20);
    expect(lines.slice(0, 3)).toEqual([
      expect.stringMatching(/cut\.png: it is damaged/),
      `${data}/new.webp: found webp, expected PNG, JPEG, GIF or BMP.`,
      `${data}/notes.txt: found no picture, expected PNG, JPEG, GIF or BMP.`,
    ]);
  });

  test('of pictures and folders is refused, and one that is empty', async () => {
    const both = folderOf({ 'a.png': 'halves.png', 'b/a.png': 'halves.png' });
    expect(await refusalOf({ data: both })).toContain(`${both}: found both a.png and the folder b`);
    expect(await refusalOf({ data: temporaryFolder() })).toContain(
      'found an empty folder, expected',
    );
  });
});

test('--side is for pictures alone', async () => {
  const data = join(temporaryFolder(), 'no-pictures.npz');
  writeFileSync(data, 'PK');
  await refusalOf({ data });
  expect(await refusalOf({ data: null, side: 20 }, { exitCode: 2 })).toContain('--side: found 20');
});

describe('a small file that asks for much memory is refused before it is decoded:', () => {
  test.each([
    [
      'a BMP with a palette of millions',
      'halves.bmp',
      46,
      12_000_000,
      /a palette of 12000000 colours, expected at most 157/,
    ],
    [
      'a BMP of millions of pixels',
      'halves.bmp',
      18,
      2_000_000,
      /2000000 × 12 pixels in 630 bytes, expected at most 1048576/,
    ],
  ] as const)('%s', async (_, name, offset, number, expected) => {
    const bytes = readFileSync(join(PILLOW, name));
    bytes.writeUInt32LE(number, offset);
    const path = join(folderOf({ [name]: bytes }), name);
    await expect(readPicture(path, 8)).rejects.toThrow(expected);
  });
});

describe('a GIF whose codes', () => {
  const data = readFileSync(join(PILLOW, 'halves.gif'));
  /** Behind the header, the palette and the frame's own header. */
  const start = data.indexOf(0x2c) + 11;

  test.each([
    [
      'stand for nothing is damaged, which would be decoded for ever',
      start + 5,
      0xff,
      /stands for nothing/,
    ],
    [
      'give too few pixels is damaged',
      data.indexOf(0x2c) + 7,
      11,
      /found 192 pixels, expected 176/,
    ],
    [
      'are for a frame outside of the picture is damaged',
      data.indexOf(0x2c) + 3,
      32,
      /leaves the picture/,
    ],
  ] as const)('%s', async (_, at, byte, expected) => {
    const bytes = Buffer.from(data);
    bytes[at] = byte;
    const path = join(folderOf({ 'x.gif': bytes }), 'x.gif');
    await expect(readPicture(path, 8)).rejects.toThrow(expected);
  });
});
