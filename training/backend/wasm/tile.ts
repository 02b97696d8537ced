/**
 * The micro-kernel of the matrix product: one tile of C in registers, from packed panels of A and B. A tile at an edge
 * of C is computed whole in a thread's scratch, and its part inside C is copied.
 */

import { TILE_COLUMNS, TILE_ROWS, WORD_BYTES } from './abi';

/** Bytes from one column of a packed panel of A to the next. */
export const A_STEP: usize = TILE_ROWS * WORD_BYTES;
/** Bytes from one row of a packed panel of B, or of a tile in the scratch, to the next. */
export const B_STEP: usize = TILE_COLUMNS * WORD_BYTES;

function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/**
 * A tile of C, 5 × 16: c = initial + a·b over `depth`, in twenty accumulators of 128 bits. The engine joins them into
 * ten of 256 bits where it can; on arm64 they fit the 32 registers as they are.
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
  const end = a + <usize>depth * A_STEP;
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
    a += A_STEP;
    b += B_STEP;
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

/** Half a tile of C, 5 × 8, in ten accumulators, for engines with sixteen registers of 128 bits. */
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
  const end = a + <usize>depth * A_STEP;
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
    a += A_STEP;
    b += B_STEP;
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

/** A whole tile of C, in one go or in two halves. Both ways give the same bits. */
export function tile(
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

/** Copies the top left part of a tile, rows × columns. */
export function copyTile(
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
