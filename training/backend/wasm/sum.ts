/** The sum of a matrix's rows, which are added one after the other. */

import { SUM_COLUMNS, SUM_ROWS, SUM_X, SUM_Y } from './abi';
import { argument, nextChunk } from './pool';

/** Columns that a thread takes at a time: two cache lines. */
const CHUNK: i32 = 32;

/** y[column] = x[0][column] + x[1][column] + … */
export function sum(): void {
  const rows = <i32>argument(SUM_ROWS);
  const columns = <i32>argument(SUM_COLUMNS);
  const stride = (<usize>columns) << 2;
  for (let first = nextChunk(0) * CHUNK; first < columns; first = nextChunk(0) * CHUNK) {
    const last = min<i32>(first + CHUNK, columns);
    const x = <usize>argument(SUM_X);
    const y = <usize>argument(SUM_Y);
    let column = first;
    for (; column + 8 <= last; column += 8) {
      let from = x + ((<usize>column) << 2);
      let sum0 = f32x4.splat(0);
      let sum1 = f32x4.splat(0);
      for (let row = 0; row < rows; row++) {
        sum0 = f32x4.add(sum0, v128.load(from));
        sum1 = f32x4.add(sum1, v128.load(from, 16));
        from += stride;
      }
      v128.store(y + ((<usize>column) << 2), sum0);
      v128.store(y + ((<usize>column) << 2), sum1, 16);
    }
    for (; column < last; column++) {
      let from = x + ((<usize>column) << 2);
      let total: f32 = 0;
      for (let row = 0; row < rows; row++) {
        total += load<f32>(from);
        from += stride;
      }
      store<f32>(y + ((<usize>column) << 2), total);
    }
  }
}
