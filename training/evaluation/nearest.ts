/** Generated pictures above the real ones that are nearest to them, which shows whether a generator copies. */

import { type Image, grid } from '../../src/encoders/pixels.ts';
import type { Dataset } from '../data/dataset.ts';

/** How many generated pictures are shown, side by side. */
const COLUMNS = 20;
/** How many real ones are shown below each. */
const NEAREST = 3;

/**
 * A column for each of the first pictures: the picture, and below it the images that are nearest to it, pixel by
 * pixel, the nearest first.
 * @param pixels grey levels, (count, height, width), of the data set's size
 */
export function nearestImages(
  pixels: Uint8Array,
  { images, count, width, height }: Dataset,
): Image {
  const imageSize = width * height;
  const picturesIn = (bytes: Uint8Array, total: number): Uint8Array[] =>
    Array.from({ length: total }, (_, i) => bytes.subarray(i * imageSize, (i + 1) * imageSize));
  const pictures = picturesIn(pixels, Math.min(COLUMNS, pixels.length / imageSize));
  const real = picturesIn(images, count);
  const columns = pictures.map((picture) => [picture, ...nearestTo(picture, real)]);
  const rows = columns[0].map((_, row) => columns.map((column) => column[row]));
  const cells = rows.flat().map((cell) => ({ width, height, pixels: cell }));
  return grid(cells, columns.length);
}

/** The nearest pictures, at most {@link NEAREST}, the nearest first. */
function nearestTo(picture: Uint8Array, others: readonly Uint8Array[]): Uint8Array[] {
  const nearest: { readonly other: Uint8Array; readonly distance: number }[] = [];
  for (const other of others) {
    const farthest = nearest.length < NEAREST ? Number.POSITIVE_INFINITY : nearest[0].distance;
    const distance = squaredDistance(picture, other, farthest);
    if (distance >= farthest) continue;
    nearest.push({ other, distance });
    nearest.sort((a, b) => b.distance - a.distance);
    if (nearest.length > NEAREST) nearest.shift();
  }
  return nearest.map(({ other }) => other).toReversed();
}

/** The squared distance, or any number from `limit` if it is not below that. */
function squaredDistance(a: Uint8Array, b: Uint8Array, limit: number): number {
  let sum = 0;
  for (let i = 0; i < a.length && sum < limit; i++) {
    const difference = a[i] - b[i];
    sum += difference * difference;
  }
  return sum;
}
