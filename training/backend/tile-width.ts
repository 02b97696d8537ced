/**
 * Whether products are faster with tiles of 16 columns than with two of 8. It depends on the processor's registers
 * and on what the engine makes of them, so it is measured; both give the same bits.
 */

import type { ThreadedBackend } from './backend.ts';
import { type Matrix, matrixProduct } from './kernels/product.ts';

/** Long enough for V8 to replace its first, quick compilation of the kernels. */
const MIN_MEASURING_MS = 200;
const MIN_ROUNDS = 20;

/** Rows, columns and depth: whole tiles, and small enough for the caches. */
const SHAPE = { rows: 250, columns: 256, depth: 256 };

/** Results of this process, for the kernels with fused multiply-add and for those without. */
const measured = new Map<boolean, boolean>();

export function wideTilesPay(backend: ThreadedBackend, relaxedSimd: boolean): boolean {
  const pays = measured.get(relaxedSimd) ?? measure(backend);
  measured.set(relaxedSimd, pays);
  return pays;
}

function measure(backend: ThreadedBackend): boolean {
  const { rows, columns, depth } = SHAPE;
  const tensors = [
    [rows, depth],
    [depth, columns],
    [rows, columns],
  ].map((shape) => backend.makeOutput(shape, 'float32'));
  const [a, b, c] = tensors.map((tensor): Matrix => {
    const address = backend.addressOf(tensor);
    const [height, width] = tensor.shape as [number, number];
    backend.floats(address, height * width).fill(0);
    return { address, rowStride: width, columnStride: 1 };
  }) as [Matrix, Matrix, Matrix];

  const fastestMs = { wide: Infinity, narrow: Infinity };
  // The first product waits for the threads to start.
  matrixProduct(backend, a, b, c.address, SHAPE);
  const endMs = performance.now() + MIN_MEASURING_MS;
  for (let round = 0; round < MIN_ROUNDS || performance.now() < endMs; round++) {
    for (const width of ['wide', 'narrow'] as const) {
      backend.wide = width === 'wide';
      const startMs = performance.now();
      matrixProduct(backend, a, b, c.address, SHAPE);
      fastestMs[width] = Math.min(fastestMs[width], performance.now() - startMs);
    }
  }
  for (const { dataId } of tensors) backend.disposeData(dataId);
  return fastestMs.wide <= fastestMs.narrow;
}
