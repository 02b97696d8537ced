import { describe, expect, test } from 'vitest';

import { Random } from '../../../src/sampler/random.ts';
import {
  PATCHES,
  PATCH_PIXELS,
  type Shift,
  patchesOf,
} from '../../../training/evaluation/patches.ts';

const random = Random.fromString('pixels');
const PIXELS = Uint8Array.from({ length: 3 * 784 }, () => random.below(256));

/** What patch (row, column) of picture `index` has at (y, x), as plainly as can be. */
function expectedAt(
  index: number,
  [row, column]: readonly [number, number],
  [y, x]: readonly [number, number],
  { right, down }: Shift,
): number {
  const [v, u] = [2 * row - 2 + y - down, 2 * column - 2 + x - right];
  const isOutside = v < 0 || v >= 28 || u < 0 || u >= 28;
  return isOutside ? 0 : Math.fround(PIXELS[784 * index + 28 * v + u] / 255);
}

describe('patches', () => {
  test.each([
    { right: 0, down: 0 },
    { right: 1, down: 0 },
    { right: 0, down: -1 },
    { right: -1, down: 1 },
  ])('are squares of 6 × 6 every second pixel, four neighbours in a row, moved by %o', (shift) => {
    const patches = patchesOf(PIXELS, Uint32Array.of(2, 0), () => shift);
    expect(patches).toHaveLength(2 * PATCHES * PATCH_PIXELS);
    let at = 0;
    for (const index of [2, 0]) {
      for (let group = 0; group < 49; group++) {
        for (let member = 0; member < 4; member++) {
          const row = 2 * Math.floor(group / 7) + Math.floor(member / 2);
          const column = 2 * (group % 7) + (member % 2);
          const found = patches.subarray(at, (at += 36));
          const expected = Array.from({ length: 36 }, (_, i) =>
            expectedAt(index, [row, column], [Math.floor(i / 6), i % 6], shift),
          );
          expect([...found]).toEqual(expected);
        }
      }
    }
  });

  test('may be moved otherwise for each picture', () => {
    const shifts: Shift[] = [
      { right: 1, down: 0 },
      { right: 0, down: 1 },
    ];
    const queue = [...shifts];
    const both = patchesOf(PIXELS, Uint32Array.of(0, 1), () => queue.shift() as Shift);
    const each = shifts.map((shift, i) => patchesOf(PIXELS, Uint32Array.of(i), () => shift));
    expect([...both]).toEqual(each.flatMap((patches) => [...patches]));
  });
});
