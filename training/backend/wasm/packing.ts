/**
 * Packing: A is copied into panels of 5 rows and B into panels of 16 columns, each in the order in which the
 * micro-kernel reads it. Beyond the edges of a matrix its panels are padded with zeros.
 */

import {
  PRODUCT_A,
  PRODUCT_A_COLUMN_STRIDE,
  PRODUCT_A_ROW_STRIDE,
  PRODUCT_B,
  PRODUCT_B_COLUMN_STRIDE,
  PRODUCT_B_ROW_STRIDE,
  PRODUCT_COLUMNS,
  PRODUCT_DEPTH,
  PRODUCT_PACKED_A,
  PRODUCT_ROWS,
  TILE_COLUMNS,
  TILE_ROWS,
} from './abi';
import { argument, nextChunk } from './pool';
import { A_STEP, B_STEP } from './tile';

/** Row panels that a thread packs at a time. */
const CHUNK: i32 = 4;

/** How many panels of this width cover that size. */
export function panels(size: i32, width: i32): i32 {
  return (size + width - 1) / width;
}

/** One row panel of A: packed[k][r] = A[5 · panel + r][k], of shape (depth, 5). */
function packRowPanel(panel: i32): void {
  const rows = <i32>argument(PRODUCT_ROWS);
  const depth = <i32>argument(PRODUCT_DEPTH);
  const rowStride = (<usize>argument(PRODUCT_A_ROW_STRIDE)) << 2;
  const depthStride = (<usize>argument(PRODUCT_A_COLUMN_STRIDE)) << 2;
  const first = panel * TILE_ROWS;
  const valid = min<i32>(TILE_ROWS, rows - first);
  let from = <usize>argument(PRODUCT_A) + <usize>first * rowStride;
  let to = <usize>argument(PRODUCT_PACKED_A) + <usize>(panel * depth) * A_STEP;
  if (valid == TILE_ROWS && rowStride == 4) {
    for (let k = 0; k < depth; k++) {
      v128.store(to, v128.load(from));
      store<f32>(to, load<f32>(from, 16), 16);
      from += depthStride;
      to += A_STEP;
    }
  } else if (valid == TILE_ROWS) {
    const from1 = rowStride;
    const from2 = rowStride * 2;
    const from3 = rowStride * 3;
    const from4 = rowStride * 4;
    for (let k = 0; k < depth; k++) {
      store<f32>(to, load<f32>(from));
      store<f32>(to, load<f32>(from + from1), 4);
      store<f32>(to, load<f32>(from + from2), 8);
      store<f32>(to, load<f32>(from + from3), 12);
      store<f32>(to, load<f32>(from + from4), 16);
      from += depthStride;
      to += A_STEP;
    }
  } else {
    for (let k = 0; k < depth; k++) {
      for (let r = 0; r < TILE_ROWS; r++) {
        const value: f32 = r < valid ? load<f32>(from + <usize>r * rowStride) : 0;
        store<f32>(to + ((<usize>r) << 2), value);
      }
      from += depthStride;
      to += A_STEP;
    }
  }
}

/** A panel of B whose columns lie side by side in memory: rows of 64 bytes are copied. */
function packAlong(from: usize, depthStride: usize, depth: i32, to: usize): void {
  const end = to + <usize>depth * B_STEP;
  while (to < end) {
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
    v128.store(to, v128.load(from, 32), 32);
    v128.store(to, v128.load(from, 48), 48);
    from += depthStride;
    to += B_STEP;
  }
}

/** A panel of B whose rows lie side by side in memory: blocks of 4 × 4 are transposed in registers. */
function packAcross(base: usize, columnStride: usize, depth: i32, packed: usize): void {
  const whole = depth & ~3;
  for (let group: usize = 0; group < 4; group++) {
    let from = base + 4 * group * columnStride;
    let to = packed + 16 * group;
    for (let k = 0; k < whole; k += 4) {
      const r0 = v128.load(from);
      const r1 = v128.load(from + columnStride);
      const r2 = v128.load(from + 2 * columnStride);
      const r3 = v128.load(from + 3 * columnStride);
      const t0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
      const t1 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
      const t2 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
      const t3 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
      v128.store(to, v128.shuffle<f32>(t0, t1, 0, 1, 4, 5));
      v128.store(to, v128.shuffle<f32>(t0, t1, 2, 3, 6, 7), 64);
      v128.store(to, v128.shuffle<f32>(t2, t3, 0, 1, 4, 5), 128);
      v128.store(to, v128.shuffle<f32>(t2, t3, 2, 3, 6, 7), 192);
      from += 16;
      to += 4 * B_STEP;
    }
    for (let k = whole; k < depth; k++) {
      for (let column: usize = 0; column < 4; column++) {
        store<f32>(to + (column << 2), load<f32>(from + column * columnStride));
      }
      from += 4;
      to += B_STEP;
    }
  }
}

/** A panel of B with any strides, `columns` wide and padded on the right. */
function packAny(
  from: usize,
  depthStride: usize,
  columnStride: usize,
  columns: i32,
  depth: i32,
  to: usize,
): void {
  for (let k = 0; k < depth; k++) {
    for (let column = 0; column < TILE_COLUMNS; column++) {
      const value: f32 = column < columns ? load<f32>(from + <usize>column * columnStride) : 0;
      store<f32>(to + ((<usize>column) << 2), value);
    }
    from += depthStride;
    to += B_STEP;
  }
}

/** Rows [k, k + depth) of one column panel of B: packed[i][c] = B[k + i][16 · panel + c], of shape (depth, 16). */
export function packColumnPanel(panel: i32, k: i32, depth: i32, to: usize): void {
  const depthStride = (<usize>argument(PRODUCT_B_ROW_STRIDE)) << 2;
  const columnStride = (<usize>argument(PRODUCT_B_COLUMN_STRIDE)) << 2;
  const first = panel * TILE_COLUMNS;
  const columns = min<i32>(TILE_COLUMNS, <i32>argument(PRODUCT_COLUMNS) - first);
  const from = <usize>argument(PRODUCT_B) + <usize>first * columnStride + <usize>k * depthStride;
  if (columns == TILE_COLUMNS && columnStride == 4) packAlong(from, depthStride, depth, to);
  else if (columns == TILE_COLUMNS && depthStride == 4) packAcross(from, columnStride, depth, to);
  else packAny(from, depthStride, columnStride, columns, depth, to);
}

/** All row panels of A, shared out among the threads. */
export function packRows(): void {
  const rowPanels = panels(argument(PRODUCT_ROWS), TILE_ROWS);
  const chunks = panels(rowPanels, CHUNK);
  for (let chunk = nextChunk(0); chunk < chunks; chunk = nextChunk(0)) {
    const first = chunk * CHUNK;
    const last = min<i32>(first + CHUNK, rowPanels);
    for (let panel = first; panel < last; panel++) packRowPanel(panel);
  }
}
