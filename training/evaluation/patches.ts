/**
 * Pictures → patches: the squares that the first convolution covers, one a row, so that it is a product of
 * matrices. Patches are KERNEL_SIDE pixels wide, two apart, and reach over the edge, where there is paper.
 *
 * The four patches of each 2 × 2 neighbours follow one another. The second convolution, 2 × 2 without overlap,
 * then takes the rows of the first as they are, four at a time: nothing has to be moved.
 */

import { DIGIT_PIXELS, DIGIT_SIDE } from '../../src/digit.ts';
import { KERNEL_SIDE, MAX_SHIFT } from './recipe.ts';

const STRIDE = 2;
const OVERHANG = (KERNEL_SIDE - STRIDE) / 2;
/** Paper around a picture, so that a patch of a picture that was moved reads no other memory. */
const MARGIN = OVERHANG + MAX_SHIFT;
const PADDED_SIDE = DIGIT_SIDE + 2 * MARGIN;
const WHITE = 255;

/** Numbers in a patch. */
export const PATCH_PIXELS = KERNEL_SIDE ** 2;
/** Groups of 2 × 2 patches, of a picture. */
export const GROUPS = (DIGIT_SIDE / (2 * STRIDE)) ** 2;
/** Patches of a picture. */
export const PATCHES = 4 * GROUPS;

/** Where the numbers of a picture's patches are, relative to its top left pixel among the paper. */
const OFFSETS = offsets();

function offsets(): Int32Array {
  const result = new Int32Array(PATCHES * PATCH_PIXELS);
  const acrossGroups = DIGIT_SIDE / (2 * STRIDE);
  for (let n = 0; n < result.length; n++) {
    const [patch, pixel] = [Math.floor(n / PATCH_PIXELS), n % PATCH_PIXELS];
    const [group, member] = [patch >> 2, patch & 3];
    const patchRow = 2 * Math.floor(group / acrossGroups) + (member >> 1);
    const patchColumn = 2 * (group % acrossGroups) + (member & 1);
    const y = STRIDE * patchRow + Math.floor(pixel / KERNEL_SIDE) - OVERHANG;
    const x = STRIDE * patchColumn + (pixel % KERNEL_SIDE) - OVERHANG;
    result[n] = y * PADDED_SIDE + x;
  }
  return result;
}

/** By how many pixels a picture is moved. */
export interface Shift {
  readonly right: number;
  readonly down: number;
}

const NO_SHIFT: Shift = { right: 0, down: 0 };

/**
 * Patches in 0…1: (indices.length · PATCHES, PATCH_PIXELS).
 * @param pixels grey levels of pictures, (count, 784)
 * @param indices of the pictures
 * @param shiftOf called for each picture in turn
 */
export function patchesOf(
  pixels: Uint8Array,
  indices: Uint32Array,
  shiftOf: () => Shift = () => NO_SHIFT,
): Float32Array {
  const patches = new Float32Array(indices.length * OFFSETS.length);
  const padded = new Float32Array(PADDED_SIDE ** 2);
  let to = 0;
  for (const index of indices) {
    let from = index * DIGIT_PIXELS;
    for (let y = 0; y < DIGIT_SIDE; y++) {
      const row = (y + MARGIN) * PADDED_SIDE + MARGIN;
      for (let x = 0; x < DIGIT_SIDE; x++) padded[row + x] = pixels[from++] / WHITE;
    }
    const { right, down } = shiftOf();
    const start = (MARGIN - down) * PADDED_SIDE + MARGIN - right;
    for (let i = 0; i < OFFSETS.length; i++) patches[to++] = padded[start + OFFSETS[i]];
  }
  return patches;
}
