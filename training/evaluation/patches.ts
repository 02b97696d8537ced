/**
 * Pictures → patches: the squares that the first convolution covers, one a row, so that it is a product of
 * matrices. Patches are KERNEL_SIDE pixels wide, two apart, and reach over the edge, where there is paper.
 *
 * The four patches of each 2 × 2 neighbours follow one another. The second convolution, 2 × 2 without overlap,
 * then takes the rows of the first as they are, four at a time: nothing has to be moved.
 */

import type { Size } from '../../src/digit.ts';
import { KERNEL_SIDE, MAX_SHIFT } from './recipe.ts';

const STRIDE = 2;
/** Pixels from one group of 2 × 2 patches to the next. */
const GROUP_STRIDE = 2 * STRIDE;
const OVERHANG = (KERNEL_SIDE - STRIDE) / 2;
/** Paper around a picture, so that a patch of a picture that was moved reads no other memory. */
const MARGIN = OVERHANG + MAX_SHIFT;
const WHITE = 255;

/** Numbers in a patch. */
export const PATCH_PIXELS = KERNEL_SIDE ** 2;
/** Patches in a group. */
export const GROUP_PATCHES = 4;

/** Groups of 2 × 2 patches that cover a picture; at its right and its bottom they may reach over the edge. */
export function groupsOf({ width, height }: Size): number {
  return Math.ceil(width / GROUP_STRIDE) * Math.ceil(height / GROUP_STRIDE);
}

/** By how many pixels a picture is moved. */
export interface Shift {
  readonly right: number;
  readonly down: number;
}

const NO_SHIFT: Shift = { right: 0, down: 0 };

/**
 * Patches in 0…1: (indices.length · groups · GROUP_PATCHES, PATCH_PIXELS).
 * @param pixels grey levels of pictures, (count, height, width)
 * @param size of each picture
 * @param indices of the pictures
 * @param shiftOf called for each picture in turn
 */
export function patchesOf(
  pixels: Uint8Array,
  size: Size,
  indices: Uint32Array,
  shiftOf: () => Shift = () => NO_SHIFT,
): Float32Array {
  const { width, height } = size;
  const padded = paperFor(size);
  const offsets = offsetsIn(size, padded.width);
  const patches = new Float32Array(indices.length * offsets.length);
  let to = 0;
  for (const index of indices) {
    let from = index * width * height;
    for (let y = 0; y < height; y++) {
      const row = (y + MARGIN) * padded.width + MARGIN;
      for (let x = 0; x < width; x++) padded.pixels[row + x] = pixels[from++] / WHITE;
    }
    const { right, down } = shiftOf();
    const start = (MARGIN - down) * padded.width + MARGIN - right;
    for (let i = 0; i < offsets.length; i++) patches[to++] = padded.pixels[start + offsets[i]];
  }
  return patches;
}

/** Paper for a picture, for the margin around it and for what the last groups cover beyond its edge. */
function paperFor({ width, height }: Size): {
  readonly width: number;
  readonly pixels: Float32Array;
} {
  const [across, down] = [width, height].map(
    (side) => Math.ceil(side / GROUP_STRIDE) * GROUP_STRIDE + 2 * MARGIN,
  );
  return { width: across, pixels: new Float32Array(across * down) };
}

/** Where the numbers of a picture's patches are, relative to its top left pixel among paper of this width. */
function offsetsIn(size: Size, paperWidth: number): Int32Array {
  const offsets = new Int32Array(groupsOf(size) * GROUP_PATCHES * PATCH_PIXELS);
  const acrossGroups = Math.ceil(size.width / GROUP_STRIDE);
  for (let n = 0; n < offsets.length; n++) {
    const [patch, pixel] = [Math.floor(n / PATCH_PIXELS), n % PATCH_PIXELS];
    const [group, member] = [patch >> 2, patch & 3];
    const patchRow = 2 * Math.floor(group / acrossGroups) + (member >> 1);
    const patchColumn = 2 * (group % acrossGroups) + (member & 1);
    const y = STRIDE * patchRow + Math.floor(pixel / KERNEL_SIDE) - OVERHANG;
    const x = STRIDE * patchColumn + (pixel % KERNEL_SIDE) - OVERHANG;
    offsets[n] = y * paperWidth + x;
  }
  return offsets;
}
