import { expect, test } from 'vitest';

import { idx, dataFolder } from '../helpers.ts';
import { readParts } from './reading.ts';

const COUNT = 45;
/** Image i is grey level i throughout; its label says which it is. */
function folderOf(order: readonly number[]): string {
  const images = Uint8Array.from({ length: COUNT * 64 }, (_, i) => order[Math.floor(i / 64)]);
  return dataFolder(0, {
    'train-images-idx3-ubyte': idx(0x0803, [COUNT, 8, 8], images),
    'train-labels-idx1-ubyte': idx(0x0801, [COUNT], Uint8Array.from(order)),
    't10k-images-idx3-ubyte': null,
    't10k-labels-idx1-ubyte': null,
  });
}
const UP = Array.from({ length: COUNT }, (_, i) => i);

test('without test files a tenth is set aside, and that is said', async () => {
  const { data, lines } = await readParts({ data: folderOf(UP) });
  expect([data.train.count, data.test.count]).toEqual([40, 5]);
  const levels = [...data.train.labels!, ...data.test.labels!];
  expect(levels.toSorted((a, b) => a - b)).toEqual(UP);
  expect(data.test.images.filter((_, i) => i % 64 === 0)).toEqual(data.test.labels);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(
    /: found no images to test on; 5 of 45 are set aside, chosen by their hashes\.$/,
  );
});

test('which tenth does not depend on the order of the images', async () => {
  const { test: up } = (await readParts({ data: folderOf(UP) })).data;
  const { test: down } = (await readParts({ data: folderOf(UP.toReversed()) })).data;
  expect([...down.labels!]).toEqual([...up.labels!].toReversed());
});
