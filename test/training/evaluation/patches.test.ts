import { describe, expect, test } from 'vitest';

import type { Size } from '../../../src/digit.ts';
import { Random } from '../../../src/sampler/random.ts';
import {
  GROUP_PATCHES,
  PATCH_PIXELS,
  type Shift,
  groupsOf,
  patchesOf,
} from '../../../training/evaluation/patches.ts';

/** Three pictures. */
function noise({ width, height }: Size): Uint8Array {
  const random = Random.fromString('pixels');
  return Uint8Array.from({ length: 3 * width * height }, () => random.below(256));
}

/** What patch (row, column) of picture `index` has at (y, x), as plainly as can be. */
function expectedAt(
  pixels: Uint8Array,
  { width, height }: Size,
  index: number,
  [row, column]: readonly [number, number],
  [y, x]: readonly [number, number],
  { right, down }: Shift,
): number {
  const [v, u] = [2 * row - 2 + y - down, 2 * column - 2 + x - right];
  const isOutside = v < 0 || v >= height || u < 0 || u >= width;
  const at = (index * height + v) * width + u;
  return isOutside ? 0 : Math.fround(pixels[at] / 255);
}

/** With the groups of 2 × 2 patches that cover a picture, across and down. */
const SIZES = [
  { width: 28, height: 28, across: 7, down: 7 },
  { width: 20, height: 16, across: 5, down: 4 },
  { width: 9, height: 15, across: 3, down: 4 },
];
const SHIFTS = [
  { right: 0, down: 0 },
  { right: 1, down: 0 },
  { right: 0, down: -1 },
  { right: -1, down: 1 },
];

describe.each(SIZES)('patches of $width × $height', ({ across, down, ...size }) => {
  const pixels = noise(size);

  test.each(SHIFTS)('are squares of 6 × 6, four neighbours in a row, moved by %o', (shift) => {
    const patches = patchesOf(pixels, size, Uint32Array.of(2, 0), () => shift);
    expect(groupsOf(size)).toBe(across * down);
    expect(patches).toHaveLength(2 * across * down * GROUP_PATCHES * PATCH_PIXELS);
    let at = 0;
    for (const index of [2, 0]) {
      for (let group = 0; group < across * down; group++) {
        for (let member = 0; member < 4; member++) {
          const row = 2 * Math.floor(group / across) + Math.floor(member / 2);
          const column = 2 * (group % across) + (member % 2);
          const found = patches.subarray(at, (at += 36));
          const expected = Array.from({ length: 36 }, (_, i) =>
            expectedAt(pixels, size, index, [row, column], [Math.floor(i / 6), i % 6], shift),
          );
          expect([...found]).toEqual(expected);
        }
      }
    }
  });

  test('may be moved otherwise for each picture', () => {
    const shifts = SHIFTS.slice(1, 3);
    const queue = [...shifts];
    const both = patchesOf(pixels, size, Uint32Array.of(0, 1), () => queue.shift() as Shift);
    const each = shifts.map((shift, i) => patchesOf(pixels, size, Uint32Array.of(i), () => shift));
    expect([...both]).toEqual(each.flatMap((patches) => [...patches]));
  });
});
