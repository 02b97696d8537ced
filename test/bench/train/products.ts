/**
 * The matrix products of a piece of training, as it runs them: each is timed in its place, with the caches as the
 * operations before it left them. On our backend only.
 */

import * as tf from '@tensorflow/tfjs';

import { ThreadedBackend } from '../../../training/backend/backend.ts';
import {
  PRODUCT,
  PRODUCT_A_COLUMN_STRIDE,
  PRODUCT_B_COLUMN_STRIDE,
  PRODUCT_COLUMNS,
  PRODUCT_DEPTH,
  PRODUCT_ROWS,
} from '../../../training/backend/wasm/abi.ts';
import { median } from '../statistics.ts';

/** All products of one shape. */
export interface Product {
  /** Rows and columns of the result, and the depth over which is summed. */
  readonly shape: readonly [rows: number, columns: number, depth: number];
  /** The operands that are read across their rows. One of a single column lies the same way in either case: none. */
  readonly transposed: 'none' | 'a' | 'b' | 'both';
  /** How many of them there are in a step. */
  readonly perStep: number;
  /** What those take, in milliseconds. */
  readonly ms: number;
  /** Billions of multiplications and additions a second, each product at its median time. */
  readonly gflops: number;
}

interface Timed extends Pick<Product, 'shape' | 'transposed'> {
  readonly timesMs: number[];
}

/** Takes so many steps and gives their products, those that take most of the time first. */
export function productsOf(step: () => void, steps: number): Product[] {
  const backend = tf.backend();
  if (!(backend instanceof ThreadedBackend)) throw new Error('Products are timed on our backend.');
  const timed = new Map<string, Timed>();
  const { words } = backend.arguments;
  const run = backend.run.bind(backend);
  backend.run = (operation, work) => {
    const startedMs = performance.now();
    run(operation, work);
    const timeMs = performance.now() - startedMs;
    if (operation !== PRODUCT) return;
    const shape = [words[PRODUCT_ROWS], words[PRODUCT_COLUMNS], words[PRODUCT_DEPTH]] as const;
    const transposed = transposedOf(words);
    const key = `${shape} ${transposed}`;
    const product = timed.get(key) ?? { shape, transposed, timesMs: [] };
    product.timesMs.push(timeMs);
    timed.set(key, product);
  };
  try {
    for (let taken = 0; taken < steps; taken++) step();
  } finally {
    // The prototype's method shows again.
    Reflect.deleteProperty(backend, 'run');
  }
  return [...timed.values()]
    .map((product) => summary(product, steps))
    .toSorted((one, other) => other.ms - one.ms);
}

function transposedOf(words: Int32Array): Product['transposed'] {
  const a = words[PRODUCT_A_COLUMN_STRIDE] !== 1;
  const b = words[PRODUCT_B_COLUMN_STRIDE] !== 1;
  if (a && b) return 'both';
  if (a) return 'a';
  return b ? 'b' : 'none';
}

function summary({ shape, transposed, timesMs }: Timed, steps: number): Product {
  const [rows, columns, depth] = shape;
  const medianMs = median(timesMs);
  const perStep = timesMs.length / steps;
  return {
    shape,
    transposed,
    perStep,
    ms: perStep * medianMs,
    gflops: (2 * rows * columns * depth) / (medianMs * 1e6),
  };
}
