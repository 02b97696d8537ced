/**
 * Matrix product C = A·B + initial row in float32, after Goto and van de Geijn (2008): operands are packed into panels,
 * a micro-kernel keeps a tile of C in registers, and blocks are sized for the caches. All threads pack A together; a
 * panel of B is packed by the thread that needs it, just before it does, so that it is still in the level-1 cache.
 */

import {
  MAX_BLOCK_DEPTH,
  PRODUCT_C,
  PRODUCT_COLUMNS,
  PRODUCT_DEPTH,
  PRODUCT_INITIAL_ROW,
  PRODUCT_PACKED_A,
  PRODUCT_ROWS,
  PRODUCT_SCRATCH,
  PRODUCT_WIDE,
  SCRATCH_BYTES,
  TILE_BYTES,
  TILE_COLUMNS,
  TILE_ROWS,
} from './abi';
import { packColumnPanel, packRows, panels } from './packing';
import { argument, barrier, nextChunk, threadCount } from './pool';
import { A_STEP, B_STEP, copyTile, tile } from './tile';

/** Row panels of a block, at most: 52 × 5 × 288 floats are 293 KiB, a part of a level-2 cache. */
const MAX_BLOCK_PANELS: i32 = 52;

/** The tiles of C in row panels [firstRow, lastRow) and column panels [firstColumn, lastColumn), over the whole depth. */
function block(
  firstRow: i32,
  lastRow: i32,
  firstColumn: i32,
  lastColumn: i32,
  scratch: usize,
): void {
  const rows = <i32>argument(PRODUCT_ROWS);
  const columns = <i32>argument(PRODUCT_COLUMNS);
  const depth = <i32>argument(PRODUCT_DEPTH);
  const wide = argument(PRODUCT_WIDE) != 0;
  const cStride = (<usize>columns) << 2;
  const edge = scratch;
  const b = scratch + TILE_BYTES;
  const blocks = panels(depth, MAX_BLOCK_DEPTH);
  const depthAtOnce = blocks == 0 ? 1 : panels(depth, blocks);
  let k = 0;
  // At least once: with no depth at all, C is the initial row.
  do {
    const blockDepth = min<i32>(depthAtOnce, depth - k);
    for (let column = firstColumn; column < lastColumn; column++) {
      packColumnPanel(column, k, blockDepth, b);
      const start = <usize>argument(PRODUCT_INITIAL_ROW) + <usize>column * B_STEP;
      const validColumns = min<i32>(TILE_COLUMNS, columns - column * TILE_COLUMNS);
      for (let row = firstRow; row < lastRow; row++) {
        const a = <usize>argument(PRODUCT_PACKED_A) + <usize>(row * depth + k) * A_STEP;
        const c =
          <usize>argument(PRODUCT_C) + <usize>(row * TILE_ROWS) * cStride + <usize>column * B_STEP;
        const validRows = min<i32>(TILE_ROWS, rows - row * TILE_ROWS);
        if (validRows == TILE_ROWS && validColumns == TILE_COLUMNS) {
          if (k == 0) tile(wide, a, b, blockDepth, start, 0, c, cStride);
          else tile(wide, a, b, blockDepth, c, cStride, c, cStride);
        } else {
          if (k == 0) {
            tile(wide, a, b, blockDepth, start, 0, edge, B_STEP);
          } else {
            copyTile(c, cStride, edge, B_STEP, validRows, validColumns);
            tile(wide, a, b, blockDepth, edge, B_STEP, edge, B_STEP);
          }
          copyTile(edge, B_STEP, c, cStride, validRows, validColumns);
        }
      }
    }
    k += depthAtOnce;
  } while (k < depth);
}

/** This thread's share. Each tile is computed by one thread and in one order, however many threads there are. */
export function product(thread: i32): void {
  packRows();
  barrier();
  const rowPanels = panels(argument(PRODUCT_ROWS), TILE_ROWS);
  const columnPanels = panels(argument(PRODUCT_COLUMNS), TILE_COLUMNS);
  const rowBlocks = panels(rowPanels, MAX_BLOCK_PANELS);
  const rowsAtOnce = panels(rowPanels, rowBlocks);
  // Eight chunks for each thread even out their different speeds.
  const wanted = (rowBlocks * columnPanels) / (8 * threadCount());
  const width = wanted < 1 ? 1 : min<i32>(wanted, 4);
  const columnBlocks = panels(columnPanels, width);
  const scratch = <usize>argument(PRODUCT_SCRATCH) + <usize>thread * SCRATCH_BYTES;
  for (let chunk = nextChunk(1); chunk < rowBlocks * columnBlocks; chunk = nextChunk(1)) {
    const firstRow = (chunk % rowBlocks) * rowsAtOnce;
    const firstColumn = (chunk / rowBlocks) * width;
    block(
      firstRow,
      min<i32>(firstRow + rowsAtOnce, rowPanels),
      firstColumn,
      min<i32>(firstColumn + width, columnPanels),
      scratch,
    );
  }
}
