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
 * Rounds in which neither width got faster, after which the winner of most of them is known. V8's first, quick compilation
 * of the kernels takes some 20 ms for as many, while it replaces it in 2, and the optimized one takes 5.
 */
const STEADY_ROUNDS = 40;
/** What counts as faster. */
const GAIN = 0.95;
/** The share of rounds that makes a winner. */
const CLEAR_SHARE = 0.75;
/** Where there is none, either width will do. */
const MAX_MEASURING_MS = 100;

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

  /** As too little work for the other threads, which are still starting. */
  const timeMs = (wide: boolean): number => {
    backend.arguments.words[PRODUCT_WIDE] = Number(wide);
    const startMs = performance.now();
    backend.run(PRODUCT, 0);
    return performance.now() - startMs;
  };
  const pays = compare(timeMs);
  for (const { dataId } of tensors) backend.disposeData(dataId);
  return pays;
}

/** Whether the wide one wins: a round at a time, so that both meet the same moments of a machine whose speed varies. */
function compare(timeMs: (wide: boolean) => number): boolean {
  let fastest = { wideMs: Infinity, narrowMs: Infinity };
  let rounds = 0;
  let wins = 0;
  const endMs = performance.now() + MAX_MEASURING_MS;
  while (performance.now() < endMs) {
    const [wideMs, narrowMs] = [timeMs(true), timeMs(false)];
    if (wideMs < fastest.wideMs * GAIN || narrowMs < fastest.narrowMs * GAIN) rounds = wins = 0;
    fastest = {
      wideMs: Math.min(fastest.wideMs, wideMs),
      narrowMs: Math.min(fastest.narrowMs, narrowMs),
    };
    rounds++;
    if (wideMs <= narrowMs) wins++;
    const clear = Math.max(wins, rounds - wins) >= rounds * CLEAR_SHARE;
    if (rounds >= STEADY_ROUNDS && clear) break;
  }
  return wins * 2 >= rounds;
}
