/**
 * MNIST's files of bytes, IDX: http://yann.lecun.com/exdb/mnist/, at the end of the page.
 * Not here: other types of numbers, reading.
 */

import { checkShape, concatenate } from './bytes.ts';

/** The third byte of the magic number; the fourth is the number of dimensions. */
const UNSIGNED_BYTES = 0x08;

/**
 * A whole file: of images with shape count × rows × columns, of labels with shape count.
 * @param data C order: the last index changes fastest
 * @throws {RangeError} if there is not as much data as the shape says
 */
export function encodeIdx(shape: readonly number[], data: Uint8Array): Uint8Array {
  checkShape(shape, data);
  return concatenate([idxHeader(shape), data]);
}

/**
 * What comes before the data, for those who send that piece by piece.
 * @param shape 1 … 255 sizes, each at most 2³² − 1
 */
export function idxHeader(shape: readonly number[]): Uint8Array {
  const header = new Uint8Array(4 + 4 * shape.length);
  const view = new DataView(header.buffer);
  header.set([0, 0, UNSIGNED_BYTES, shape.length]);
  for (const [index, size] of shape.entries()) view.setUint32(4 + 4 * index, size);
  return header;
}
