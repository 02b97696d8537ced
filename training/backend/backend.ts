/** tfjs's WASM backend with a pool of threads beside it, and the memory that this project's kernels work in. */

import * as tf from '@tensorflow/tfjs';
import type { TensorInfo, Variable } from '@tensorflow/tfjs';
import { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

import { Operation } from './engine.ts';
import { alignUp, type Pool } from './pool.ts';
import type { TfjsModule } from './tfjs.ts';

/** The micro-kernel's tile, as in `kernel/product.ts`. */
const TILE_ROWS = 5;
const TILE_COLUMNS = 16;
const FLOAT_BYTES = 4;
/** `SCRATCH_BYTES` there. */
const THREAD_SCRATCH_BYTES = 320 + 288 * 64;

/** A matrix in the heap: where it starts, and how many floats lie between its rows and between its columns. */
export interface Matrix {
  address: number;
  rowStride: number;
  columnStride: number;
}

/** Longer than V8 takes to replace its first, quick compilation of the kernels. */
const MEASURING_MS = 200;
const MEASURED_ROUNDS = 20;

export class ThreadedBackend extends BackendWasm {
  readonly #module: TfjsModule;
  readonly #pool: Pool;
  /** Whether a tile is computed in one go of 16 columns or in two of 8: set once, by measurement. */
  #wide = true;
  #scratchAddress = 0;
  #scratchBytes = 0;

  /** @param wide whether tiles are computed in one go of 16 columns; measured unless given. */
  constructor(module: TfjsModule, pool: Pool, wide?: boolean) {
    super(module);
    this.#module = module;
    this.#pool = pool;
    this.#wide = wide ?? this.#measureWide();
  }

  get threads(): number {
    return this.#pool.threads;
  }

  /** Whether the engine gains from tiles of 16 columns: with 256-bit registers, or with 32 of 128 bits. */
  get wide(): boolean {
    return this.#wide;
  }

  /** The heap's address of a tensor's first number. */
  addressOf(tensor: TensorInfo): number {
    return this.dataIdMap.get(tensor.dataId).memoryOffset;
  }

  /** A view of the heap: valid until the next allocation. */
  floats(address: number, size: number): Float32Array {
    return new Float32Array(this.#module.HEAPU8.buffer, address, size);
  }

  /** Runs an operation of the kernels on the tensors at these addresses; see `Pool.run`. */
  run(
    operation: number,
    work: number,
    whole: readonly number[],
    reals: readonly number[] = [],
  ): void {
    this.#pool.run(operation, work, whole, reals);
  }

  /**
   * c = a·b + bias, where a is (rows, depth), b (depth, columns), c (rows, columns) row after row, and bias
   * (columns), added to each row, or absent.
   */
  product(
    a: Matrix,
    b: Matrix,
    c: number,
    shape: { rows: number; columns: number; depth: number },
    bias?: number,
  ): void {
    const { rows, columns, depth } = shape;
    const rowsPacked = Math.ceil(rows / TILE_ROWS) * TILE_ROWS;
    const columnsPacked = Math.ceil(columns / TILE_COLUMNS) * TILE_COLUMNS;
    const initialBytes = columnsPacked * FLOAT_BYTES;
    const threadScratchBytes = this.threads * THREAD_SCRATCH_BYTES;
    const packedBytes = rowsPacked * depth * FLOAT_BYTES;
    const initialRow = this.#reserve(initialBytes + threadScratchBytes + packedBytes);
    const threadScratch = initialRow + initialBytes;
    const packedA = threadScratch + threadScratchBytes;

    // What each row of c starts from.
    const start = this.floats(initialRow, columnsPacked).fill(0);
    if (bias !== undefined) start.set(this.floats(bias, columns));

    this.run(Operation.product, rows * columns * depth, [
      a.address,
      b.address,
      c,
      rows,
      columns,
      depth,
      a.rowStride,
      a.columnStride,
      b.rowStride,
      b.columnStride,
      packedA,
      initialRow,
      threadScratch,
      Number(this.#wide),
    ]);
  }

  /** Gives a variable memory of its own before it is updated in place: clones and reshapes share theirs. */
  makeSoleOwner(variable: Variable): void {
    if (this.refCount(variable.dataId) === 1) return;
    variable.assign(tf.tidy(() => tf.tensor(variable.dataSync(), variable.shape, variable.dtype)));
  }

  /** Drops what tfjs's own kernels have cached of a tensor (XNNPACK keeps packed weights by tensor). */
  forgetCached(tensor: TensorInfo): void {
    const { id, memoryOffset } = this.dataIdMap.get(tensor.dataId);
    this.#module.tfjs.disposeData(id);
    this.#module.tfjs.registerTensor(id, tf.util.sizeFromShape(tensor.shape), memoryOffset);
  }

  override dispose(): void {
    this.#pool.stop();
    super.dispose();
  }

  /** Memory for packed operands: grows to the largest product, and stays. */
  #reserve(sizeBytes: number): number {
    if (sizeBytes > this.#scratchBytes) {
      if (this.#scratchBytes > 0) this.#module._free(this.#scratchAddress);
      this.#scratchBytes = 0;
      this.#scratchAddress = this.#module._malloc(sizeBytes + 64);
      this.#scratchBytes = sizeBytes;
    }
    return alignUp(this.#scratchAddress);
  }

  /**
   * Times a product of 250 × 256 × 256 both ways, which give the same bits, for as long as the engine may take to
   * optimize the kernels.
   */
  #measureWide(): boolean {
    const size = 256;
    const block = this.#module._malloc(3 * size * size * FLOAT_BYTES);
    this.floats(block, 3 * size * size).fill(0);
    const matrix = (index: number): Matrix => ({
      address: block + index * size * size * FLOAT_BYTES,
      rowStride: size,
      columnStride: 1,
    });
    const shape = { rows: 250, columns: size, depth: size };
    const fastestMs = { wide: Infinity, narrow: Infinity };
    // The first product waits for the threads to start.
    this.product(matrix(0), matrix(1), matrix(2).address, shape);
    const endMs = performance.now() + MEASURING_MS;
    for (let round = 0; round < MEASURED_ROUNDS || performance.now() < endMs; round++) {
      for (const width of ['wide', 'narrow'] as const) {
        this.#wide = width === 'wide';
        const startedMs = performance.now();
        this.product(matrix(0), matrix(1), matrix(2).address, shape);
        fastestMs[width] = Math.min(fastestMs[width], performance.now() - startedMs);
      }
    }
    this.#module._free(block);
    return fastestMs.wide <= fastestMs.narrow;
  }
}
