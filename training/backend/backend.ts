/** tfjs's WASM backend with a pool of threads beside it: what our kernels need of both. */

import * as tf from '@tensorflow/tfjs';
import type { TensorInfo, Variable } from '@tensorflow/tfjs';
import { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

import { alignUp, type Arguments, CACHE_LINE_BYTES, type Pool } from './pool.ts';
import type { TfjsModule } from './tfjs.ts';

export class ThreadedBackend extends BackendWasm {
  /**
   * Whether products use tiles of 16 columns or of 8: wide ones pay where the engine has registers of 256 bits, or 32
   * of 128. It never changes a result.
   */
  wide = true;
  readonly #module: TfjsModule;
  readonly #pool: Pool;
  #scratchAddress = 0;
  #scratchBytes = 0;

  constructor(module: TfjsModule, pool: Pool) {
    super(module);
    this.#module = module;
    this.#pool = pool;
  }

  get threads(): number {
    return this.#pool.threads;
  }

  /** The arguments of the next `run`, by their slots. */
  get arguments(): Arguments {
    return this.#pool.arguments;
  }

  /** Runs an operation on its `arguments`; see `Pool.run`. */
  run(operation: number, work: number): void {
    this.#pool.run(operation, work);
  }

  /** The address in the heap of a tensor's first number. */
  addressOf(tensor: TensorInfo): number {
    return this.dataIdMap.get(tensor.dataId).memoryOffset;
  }

  /** A view of the heap, valid until the next allocation. */
  floats(address: number, size: number): Float32Array {
    return new Float32Array(this.#module.HEAPU8.buffer, address, size);
  }

  /** The address of memory for the duration of one operation. It grows to the largest that was asked for, and stays. */
  scratch(sizeBytes: number): number {
    if (sizeBytes > this.#scratchBytes) {
      if (this.#scratchBytes > 0) this.#module._free(this.#scratchAddress);
      this.#scratchBytes = 0;
      this.#scratchAddress = this.#module._malloc(sizeBytes + CACHE_LINE_BYTES);
      this.#scratchBytes = sizeBytes;
    }
    return alignUp(this.#scratchAddress);
  }

  /** Gives a variable memory of its own before it is updated in place: clones and reshapes share it. */
  makeSoleOwner(variable: Variable): void {
    if (this.refCount(variable.dataId) === 1) return;
    const { shape, dtype } = variable;
    tf.tidy(() => variable.assign(tf.tensor(variable.dataSync(), shape, dtype)));
  }

  /** Drops what tfjs's own kernels have cached of a tensor: XNNPACK keeps its packed weights. */
  forgetCached(tensor: TensorInfo): void {
    const { id, memoryOffset } = this.dataIdMap.get(tensor.dataId);
    this.#module.tfjs.disposeData(id);
    this.#module.tfjs.registerTensor(id, tf.util.sizeFromShape(tensor.shape), memoryOffset);
  }

  override dispose(): void {
    this.#pool.stop();
    super.dispose();
  }
}
