/** Generated pictures above the real ones that are nearest to them, which shows whether a generator copies. */

import { DIGIT_PIXELS, DIGIT_SIDE } from '../../src/digit.ts';
import { type Image, grid } from '../../src/encoders/pixels.ts';
import type { Dataset } from '../data/dataset.ts';

/** How many generated pictures are shown, side by side. */
const COLUMNS = 20;
/** How many real ones are shown below each. */
const NEAREST = 3;

/**
 * A column for each of the first pictures: the picture, and below it the images that are nearest to it, pixel by
 * pixel, the nearest first.
 * @param pixels grey levels, (count, 784)
 */
export function nearestImages(pixels: Uint8Array, { images, count }: Dataset): Image {
  const pictures = picturesIn(pixels, Math.min(COLUMNS, pixels.length / DIGIT_PIXELS));
  const real = picturesIn(images, count);
  const columns = pictures.map((picture) => [picture, ...nearestTo(picture, real)]);
  const rows = columns[0].map((_, row) => columns.map((column) => column[row]));
  const size = { width: DIGIT_SIDE, height: DIGIT_SIDE };
  const cells = rows.flat().map((cell) => ({ ...size, pixels: cell }));
  return grid(cells, columns.length);
}

function picturesIn(pixels: Uint8Array, count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, i) =>
    pixels.subarray(i * DIGIT_PIXELS, (i + 1) * DIGIT_PIXELS),
  );
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
