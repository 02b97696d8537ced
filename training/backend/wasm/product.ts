/**
 * Matrix product C = op(A)·op(B) + bias in float32, after Goto and van de Geijn (2008): operands are packed into
 * panels, a micro-kernel keeps a tile of C in registers, blocks are sized for the caches. All threads pack A together;
 * a panel of B is packed by the thread that needs it, just before, so that it is still in the level-1 cache.
 * It knows pointers, shapes and strides; not tensors, names or threads (see pool.ts for those).
 */

import { barrier, nextChunk, argument, threadCount } from './pool';

/** Rows of a tile of C: with 16 columns, 10 accumulators of 256 bits; 6 rows spill registers. */
const ROWS: i32 = 5;
/** Columns of a tile of C. */
const COLUMNS: i32 = 16;
/** Largest depth of a block: a panel of B of 288 × 16 floats is 18 KiB, about half of the level-1 cache. */
const DEPTH: i32 = 288;
/** Row panels of a block: 52 × 5 × 288 floats are 293 KiB, a part of the level-2 cache. */
const ROW_PANELS: i32 = 52;
/** Row panels that a thread packs in one go. */
const PACKED_PANELS: i32 = 4;
/** Bytes of a thread's own scratch: a tile of C at an edge, and a panel of B of one block. */
const TILE_BYTES: usize = 320;
const SCRATCH_BYTES: usize = TILE_BYTES + <usize>DEPTH * 64;

// Arguments of a product, in 4-byte words of the task (see `product` in ../backend.ts).
const A = 0;
const B = 1;
const C = 2;
const M = 3;
const N = 4;
const K = 5;
const A_ROW_STRIDE = 6;
const A_DEPTH_STRIDE = 7;
const B_DEPTH_STRIDE = 8;
const B_COLUMN_STRIDE = 9;
const PACKED_A = 10;
const INITIAL = 11;
const SCRATCH = 12;
const WIDE = 13;

function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

function minimum(a: i32, b: i32): i32 {
  return a < b ? a : b;
}

function panels(size: i32, width: i32): i32 {
  return (size + width - 1) / width;
}

/**
 * One tile of C, 5 × 16: c = initial + a·b over `depth`. Twenty 128-bit accumulators, which the engine
 * joins to ten of 256 bits where it can, and which fit the 32 registers of arm64.
 */
function tile16(
  a: usize,
  b: usize,
  depth: i32,
  initial: usize,
  initialStride: usize,
  c: usize,
  cStride: usize,
): void {
  let row = initial;
  let c00 = v128.load(row);
  let c01 = v128.load(row, 16);
  let c02 = v128.load(row, 32);
  let c03 = v128.load(row, 48);
  row += initialStride;
  let c10 = v128.load(row);
  let c11 = v128.load(row, 16);
  let c12 = v128.load(row, 32);
  let c13 = v128.load(row, 48);
  row += initialStride;
  let c20 = v128.load(row);
  let c21 = v128.load(row, 16);
  let c22 = v128.load(row, 32);
  let c23 = v128.load(row, 48);
  row += initialStride;
  let c30 = v128.load(row);
  let c31 = v128.load(row, 16);
  let c32 = v128.load(row, 32);
  let c33 = v128.load(row, 48);
  row += initialStride;
  let c40 = v128.load(row);
  let c41 = v128.load(row, 16);
  let c42 = v128.load(row, 32);
  let c43 = v128.load(row, 48);
  const end = a + <usize>depth * 20;
  while (a < end) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const b2 = v128.load(b, 32);
    const b3 = v128.load(b, 48);
    const a0 = v128.load_splat<f32>(a);
    c00 = multiplyAdd(a0, b0, c00);
    c01 = multiplyAdd(a0, b1, c01);
    c02 = multiplyAdd(a0, b2, c02);
    c03 = multiplyAdd(a0, b3, c03);
    const a1 = v128.load_splat<f32>(a, 4);
    c10 = multiplyAdd(a1, b0, c10);
    c11 = multiplyAdd(a1, b1, c11);
    c12 = multiplyAdd(a1, b2, c12);
    c13 = multiplyAdd(a1, b3, c13);
    const a2 = v128.load_splat<f32>(a, 8);
    c20 = multiplyAdd(a2, b0, c20);
    c21 = multiplyAdd(a2, b1, c21);
    c22 = multiplyAdd(a2, b2, c22);
    c23 = multiplyAdd(a2, b3, c23);
    const a3 = v128.load_splat<f32>(a, 12);
    c30 = multiplyAdd(a3, b0, c30);
    c31 = multiplyAdd(a3, b1, c31);
    c32 = multiplyAdd(a3, b2, c32);
    c33 = multiplyAdd(a3, b3, c33);
    const a4 = v128.load_splat<f32>(a, 16);
    c40 = multiplyAdd(a4, b0, c40);
    c41 = multiplyAdd(a4, b1, c41);
    c42 = multiplyAdd(a4, b2, c42);
    c43 = multiplyAdd(a4, b3, c43);
    a += 20;
    b += 64;
  }
  row = c;
  v128.store(row, c00);
  v128.store(row, c01, 16);
  v128.store(row, c02, 32);
  v128.store(row, c03, 48);
  row += cStride;
  v128.store(row, c10);
  v128.store(row, c11, 16);
  v128.store(row, c12, 32);
  v128.store(row, c13, 48);
  row += cStride;
  v128.store(row, c20);
  v128.store(row, c21, 16);
  v128.store(row, c22, 32);
  v128.store(row, c23, 48);
  row += cStride;
  v128.store(row, c30);
  v128.store(row, c31, 16);
  v128.store(row, c32, 32);
  v128.store(row, c33, 48);
  row += cStride;
  v128.store(row, c40);
  v128.store(row, c41, 16);
  v128.store(row, c42, 32);
  v128.store(row, c43, 48);
}

/**
 * Half a tile of C, 5 × 8, for engines with sixteen 128-bit registers: ten accumulators.
 */
function tile8(
  a: usize,
  b: usize,
  depth: i32,
  initial: usize,
  initialStride: usize,
  c: usize,
  cStride: usize,
): void {
  let row = initial;
  let c00 = v128.load(row);
  let c01 = v128.load(row, 16);
  row += initialStride;
  let c10 = v128.load(row);
  let c11 = v128.load(row, 16);
  row += initialStride;
  let c20 = v128.load(row);
  let c21 = v128.load(row, 16);
  row += initialStride;
  let c30 = v128.load(row);
  let c31 = v128.load(row, 16);
  row += initialStride;
  let c40 = v128.load(row);
  let c41 = v128.load(row, 16);
  const end = a + <usize>depth * 20;
  while (a < end) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const a0 = v128.load_splat<f32>(a);
    c00 = multiplyAdd(a0, b0, c00);
    c01 = multiplyAdd(a0, b1, c01);
    const a1 = v128.load_splat<f32>(a, 4);
    c10 = multiplyAdd(a1, b0, c10);
    c11 = multiplyAdd(a1, b1, c11);
    const a2 = v128.load_splat<f32>(a, 8);
    c20 = multiplyAdd(a2, b0, c20);
    c21 = multiplyAdd(a2, b1, c21);
    const a3 = v128.load_splat<f32>(a, 12);
    c30 = multiplyAdd(a3, b0, c30);
    c31 = multiplyAdd(a3, b1, c31);
    const a4 = v128.load_splat<f32>(a, 16);
    c40 = multiplyAdd(a4, b0, c40);
    c41 = multiplyAdd(a4, b1, c41);
    a += 20;
    b += 64;
  }
  row = c;
  v128.store(row, c00);
  v128.store(row, c01, 16);
  row += cStride;
  v128.store(row, c10);
  v128.store(row, c11, 16);
  row += cStride;
  v128.store(row, c20);
  v128.store(row, c21, 16);
  row += cStride;
  v128.store(row, c30);
  v128.store(row, c31, 16);
  row += cStride;
  v128.store(row, c40);
  v128.store(row, c41, 16);
}

/** A tile of C, whole: in one go, or in two halves. */
function tile(
  wide: bool,
  a: usize,
  b: usize,
  depth: i32,
  initial: usize,
  initialStride: usize,
  c: usize,
  cStride: usize,
): void {
  if (wide) {
    tile16(a, b, depth, initial, initialStride, c, cStride);
  } else {
    tile8(a, b, depth, initial, initialStride, c, cStride);
    tile8(a, b + 32, depth, initial + 32, initialStride, c + 32, cStride);
  }
}

/** One row panel of A, (depth, 5) with zeros below the last row: packed[k][r] = A[first + r][k]. */
function packRowPanel(panel: i32): void {
  const rows = <i32>argument(M);
  const depth = <i32>argument(K);
  const rowStride = (<usize>argument(A_ROW_STRIDE)) << 2;
  const depthStride = (<usize>argument(A_DEPTH_STRIDE)) << 2;
  const first = panel * ROWS;
  const valid = minimum(ROWS, rows - first);
  let from = <usize>argument(A) + <usize>first * rowStride;
  let to = <usize>argument(PACKED_A) + <usize>(panel * depth) * 20;
  if (valid == ROWS && rowStride == 4) {
    for (let k = 0; k < depth; k++) {
      v128.store(to, v128.load(from));
      store<f32>(to, load<f32>(from, 16), 16);
      from += depthStride;
      to += 20;
    }
  } else if (valid == ROWS) {
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
      to += 20;
    }
  } else {
    for (let k = 0; k < depth; k++) {
      for (let r = 0; r < ROWS; r++) {
        const value: f32 = r < valid ? load<f32>(from + <usize>r * rowStride) : 0;
        store<f32>(to + ((<usize>r) << 2), value);
      }
      from += depthStride;
      to += 20;
    }
  }
}

/** Panel of B where its rows lie along the columns: 64 bytes a row are copied. */
function packAlong(from: usize, depthStride: usize, depth: i32, to: usize): void {
  const end = to + <usize>depth * 64;
  while (to < end) {
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
    v128.store(to, v128.load(from, 32), 32);
    v128.store(to, v128.load(from, 48), 48);
    from += depthStride;
    to += 64;
  }
}

/** Panel of B where its rows lie along the depth: blocks of 4 × 4 are transposed in registers. */
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
      to += 256;
    }
    for (let k = whole; k < depth; k++) {
      for (let column: usize = 0; column < 4; column++) {
        store<f32>(to + (column << 2), load<f32>(from + column * columnStride));
      }
      from += 4;
      to += 64;
    }
  }
}

/** Panel of B of any strides, `columns` of them, with zeros to their right. */
function packAny(
  from: usize,
  depthStride: usize,
  columnStride: usize,
  columns: i32,
  depth: i32,
  to: usize,
): void {
  for (let k = 0; k < depth; k++) {
    for (let column = 0; column < COLUMNS; column++) {
      const value: f32 = column < columns ? load<f32>(from + <usize>column * columnStride) : 0;
      store<f32>(to + ((<usize>column) << 2), value);
    }
    from += depthStride;
    to += 64;
  }
}

/** Rows [k, k + depth) of one column panel of B, (depth, 16): packed[k][c] = B[k][16 · panel + c]. */
function packColumnPanel(panel: i32, k: i32, depth: i32, to: usize): void {
  const depthStride = (<usize>argument(B_DEPTH_STRIDE)) << 2;
  const columnStride = (<usize>argument(B_COLUMN_STRIDE)) << 2;
  const first = panel * COLUMNS;
  const columns = minimum(COLUMNS, <i32>argument(N) - first);
  const from = <usize>argument(B) + <usize>first * columnStride + <usize>k * depthStride;
  if (columns == COLUMNS && columnStride == 4) packAlong(from, depthStride, depth, to);
  else if (columns == COLUMNS && depthStride == 4) packAcross(from, columnStride, depth, to);
  else packAny(from, depthStride, columnStride, columns, depth, to);
}

/** All row panels of A, shared among the threads. */
function packRows(): void {
  const rowPanels = panels(argument(M), ROWS);
  const chunks = panels(rowPanels, PACKED_PANELS);
  for (let chunk = nextChunk(0); chunk < chunks; chunk = nextChunk(0)) {
    const first = chunk * PACKED_PANELS;
    const last = minimum(first + PACKED_PANELS, rowPanels);
    for (let panel = first; panel < last; panel++) packRowPanel(panel);
  }
}

function copyTile(
  from: usize,
  fromStride: usize,
  to: usize,
  toStride: usize,
  rows: i32,
  columns: i32,
): void {
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      store<f32>(to + ((<usize>column) << 2), load<f32>(from + ((<usize>column) << 2)));
    }
    from += fromStride;
    to += toStride;
  }
}

/** The tiles of C in row panels [firstRow, lastRow) and column panels [firstColumn, lastColumn), over all of K. */
function block(
  firstRow: i32,
  lastRow: i32,
  firstColumn: i32,
  lastColumn: i32,
  scratch: usize,
): void {
  const rows = <i32>argument(M);
  const columns = <i32>argument(N);
  const depth = <i32>argument(K);
  const wide = argument(WIDE) != 0;
  const cStride = (<usize>columns) << 2;
  const edge = scratch;
  const b = scratch + TILE_BYTES;
  const blocks = panels(depth, DEPTH);
  const depthAtOnce = blocks == 0 ? 1 : panels(depth, blocks);
  let k = 0;
  // Once even where there is no depth: then c is what it starts from.
  do {
    const blockDepth = minimum(depthAtOnce, depth - k);
    for (let column = firstColumn; column < lastColumn; column++) {
      packColumnPanel(column, k, blockDepth, b);
      const start = <usize>argument(INITIAL) + <usize>column * 64;
      const validColumns = minimum(COLUMNS, columns - column * COLUMNS);
      for (let row = firstRow; row < lastRow; row++) {
        const a = <usize>argument(PACKED_A) + <usize>(row * depth + k) * 20;
        const c = <usize>argument(C) + <usize>(row * ROWS) * cStride + <usize>column * 64;
        const validRows = minimum(ROWS, rows - row * ROWS);
        if (validRows == ROWS && validColumns == COLUMNS) {
          if (k == 0) tile(wide, a, b, blockDepth, start, 0, c, cStride);
          else tile(wide, a, b, blockDepth, c, cStride, c, cStride);
        } else {
          if (k == 0) {
            tile(wide, a, b, blockDepth, start, 0, edge, 64);
          } else {
            copyTile(c, cStride, edge, 64, validRows, validColumns);
            tile(wide, a, b, blockDepth, edge, 64, edge, 64);
          }
          copyTile(edge, 64, c, cStride, validRows, validColumns);
        }
      }
    }
    k += depthAtOnce;
  } while (k < depth);
}

/** This thread's share of a product. Each tile is computed by one thread, in one order, whatever the number of threads. */
export function product(thread: i32): void {
  packRows();
  barrier();
  const rowPanels = panels(argument(M), ROWS);
  const columnPanels = panels(argument(N), COLUMNS);
  const rowBlocks = panels(rowPanels, ROW_PANELS);
  const rowsAtOnce = panels(rowPanels, rowBlocks);
  // Eight chunks a thread even out threads of different speed.
  const wanted = (rowBlocks * columnPanels) / (8 * threadCount());
  const width = wanted < 1 ? 1 : minimum(wanted, 4);
  const columnBlocks = panels(columnPanels, width);
  const scratch = <usize>argument(SCRATCH) + <usize>thread * SCRATCH_BYTES;
  for (let chunk = nextChunk(1); chunk < rowBlocks * columnBlocks; chunk = nextChunk(1)) {
    const firstRow = (chunk % rowBlocks) * rowsAtOnce;
    const firstColumn = (chunk / rowBlocks) * width;
    block(
      firstRow,
      minimum(firstRow + rowsAtOnce, rowPanels),
      firstColumn,
      minimum(firstColumn + width, columnPanels),
      scratch,
    );
  }
}
