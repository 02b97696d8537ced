/** Distances between all points of two sets, as products of matrices, without ever holding all of them. */

import * as tf from '@tensorflow/tfjs';

/** Points whose distances are in memory at a time. */
const ROWS_AT_A_TIME = 256;

/**
 * Calls `visit` with the squared distances from each point of `from` to all points of `to`, in a row that it may
 * overwrite.
 */
export function forEachRow(
  from: Float32Array,
  to: Float32Array,
  size: number,
  visit: (row: number, distances: Float32Array) => void,
): void {
  const count = to.length / size;
  const [fromSquares, toSquares] = [squaresOf(from, size), squaresOf(to, size)];
  const columns = tf.tensor2d(to, [count, size]);
  for (let start = 0; start < fromSquares.length; start += ROWS_AT_A_TIME) {
    const rows = Math.min(ROWS_AT_A_TIME, fromSquares.length - start);
    // (rows, count)
    const products = tf.tidy(() => {
      const part = tf.tensor2d(from.subarray(start * size, (start + rows) * size), [rows, size]);
      return tf.matMul(part, columns, false, true);
    });
    const block = products.dataSync() as Float32Array;
    products.dispose();
    for (let row = 0; row < rows; row++) {
      const distances = block.subarray(row * count, (row + 1) * count);
      const square = fromSquares[start + row];
      for (let i = 0; i < count; i++) distances[i] = square + toSquares[i] - 2 * distances[i];
      visit(start + row, distances);
    }
  }
  columns.dispose();
}

/** Each point's squared distance from the origin. */
function squaresOf(points: Float32Array, size: number): Float32Array {
  return Float32Array.from({ length: points.length / size }, (_, i) => {
    let sum = 0;
    for (let j = i * size; j < (i + 1) * size; j++) sum += points[j] ** 2;
    return sum;
  });
}
