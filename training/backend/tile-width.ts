/**
 * Whether products are faster with tiles of 16 columns than with two of 8. It depends on the processor's registers
 * and on what the engine makes of them, so it is measured; both give the same bits.
 */

import type { ThreadedBackend } from './backend.ts';
import { type Matrix, prepareProduct } from './kernels/product.ts';
import { PRODUCT, PRODUCT_WIDE } from './wasm/abi.ts';

/** Rows, columns and depth: whole tiles, and small enough for the caches. */
const SHAPE = { rows: 50, columns: 64, depth: 256 };

/**
 * Measuring ends when neither width got faster for so many rounds. V8's first, quick compilation of the kernels takes
 * some 20 ms for as many, while it replaces it in 2, and the optimized one takes 5.
 */
const STEADY_ROUNDS = 40;
/** What counts as faster. */
const GAIN = 0.95;
/** On a machine that never gets steady. */
const MAX_MEASURING_MS = 200;

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
  prepareProduct(backend, a, b, c.address, SHAPE);

  const fastestMs = [Infinity, Infinity];
  const endMs = performance.now() + MAX_MEASURING_MS;
  for (let steady = 0; steady < STEADY_ROUNDS && performance.now() < endMs; steady++) {
    for (const wide of [1, 0]) {
      backend.arguments.words[PRODUCT_WIDE] = wide;
      const startMs = performance.now();
      // As too little work for the other threads, which are still starting.
      backend.run(PRODUCT, 0);
      const timeMs = performance.now() - startMs;
      if (timeMs < fastestMs[wide] * GAIN) steady = 0;
      fastestMs[wide] = Math.min(fastestMs[wide], timeMs);
    }
  }
  for (const { dataId } of tensors) backend.disposeData(dataId);
  const [narrowMs, wideMs] = fastestMs;
  return wideMs <= narrowMs;
}
