/** Where a data set has no images to test on: which of them are set aside for that. */

import { createHash } from 'node:crypto';

/** One of so many. */
const SHARE = 10;
/** As many bytes of a hash as a number holds. */
const HASH_BYTES = 6;

/**
 * Chooses a tenth, at least one, by the images' hashes alone: the same images in any order, and the same image always on
 * one side.
 * @param images (count, imageSize)
 * @returns for each image, whether it is set aside
 */
export function setAside(images: Uint8Array, imageSize: number): boolean[] {
  const hashes = Array.from({ length: images.length / imageSize }, (_, i) =>
    createHash('sha256')
      .update(images.subarray(i * imageSize, (i + 1) * imageSize))
      .digest()
      .readUIntBE(0, HASH_BYTES),
  );
  const last = hashes.toSorted((a, b) => a - b)[Math.ceil(hashes.length / SHARE) - 1];
  return hashes.map((hash) => hash <= last);
}
