/**
 * The threads that share the kernels' work, on tfjs's heap. A task is an operation and its arguments in the control
 * block of wasm/abi.ts; every thread, the calling one included, takes chunks of it until none is left.
 */

import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

import { instantiateKernels, type KernelExports } from './compile.ts';
import {
  ARGUMENTS,
  CONTROL_WORDS,
  MAX_ARGUMENTS,
  OPERATION,
  PATIENCE_MS,
  SPINS,
  THREADS,
  WORD_BYTES,
} from './wasm/abi.ts';

/** How often a thread looks at a word before it sleeps: some 50 µs, longer than the pause between two kernels. */
const MAX_SPINS = 40_000;
/** With less work than this, a few microseconds of one thread's time, the threads' meeting would cost more. */
const MIN_SHARED_WORK = 16_384;
export const CACHE_LINE_BYTES = 64;

/** What a helper thread starts with. */
export interface HelperData {
  readonly kernels: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly controlAddress: number;
  readonly thread: number;
}

export interface PoolOptions {
  /** At least 1; the calling thread is one of them. */
  readonly threads: number;
  /** Threads that can run at once on this machine. */
  readonly cores: number;
  /** A thread that does not answer for this long in the middle of a task is presumed dead. */
  readonly patienceMs?: number;
}

/** The heap that the pool's tasks lie in. */
export interface Heap {
  readonly memory: WebAssembly.Memory;
  /** Allocates memory and returns its address. */
  allocate(sizeBytes: number): number;
}

/** A task's arguments, by the slots of wasm/abi.ts: two views of the same words. */
export interface Arguments {
  /** Addresses, sizes and integers. */
  readonly words: Int32Array;
  readonly floats: Float32Array;
}

/** A thread of the pool died: nothing computed since can be trusted, and the run has to end. */
export class PoolError extends Error {
  override name = 'PoolError';
}

export class Pool {
  readonly threads: number;
  /** The arguments of the next task. Threads read them; they stay as they are until they are overwritten. */
  readonly arguments: Arguments;
  readonly #kernels: KernelExports;
  readonly #control: Int32Array;
  #failure: string | undefined;

  constructor(module: WebAssembly.Module, heap: Heap, options: PoolOptions) {
    const { threads, cores, patienceMs = 20_000 } = options;
    this.threads = threads;
    const address = alignUp(heap.allocate(CONTROL_WORDS * WORD_BYTES + CACHE_LINE_BYTES));
    const { buffer } = heap.memory;
    this.#control = new Int32Array(buffer, address, CONTROL_WORDS).fill(0);
    const argumentsAddress = address + ARGUMENTS * WORD_BYTES;
    this.arguments = {
      words: new Int32Array(buffer, argumentsAddress, MAX_ARGUMENTS),
      floats: new Float32Array(buffer, argumentsAddress, MAX_ARGUMENTS),
    };
    // With more threads than cores, a thread that spins keeps another one from working.
    this.#control[SPINS] = threads <= cores ? MAX_SPINS : 0;
    this.#control[PATIENCE_MS] = patienceMs;

    this.#kernels = instantiateKernels(module, heap.memory);
    this.#kernels.bind(address);
    for (let thread = 1; thread < threads; thread++) {
      const workerData: HelperData = {
        kernels: module,
        memory: heap.memory,
        controlAddress: address,
        thread,
      };
      const helper = new Worker(fileURLToPath(new URL('helper.ts', import.meta.url)), {
        workerData,
        execArgv: [],
      });
      helper.on('error', (error) => this.#break((error as Error).message));
      helper.on('exit', () => this.#break(`thread ${thread} ended`));
      helper.unref();
    }
  }

  /**
   * Runs one operation on the `arguments`, to its end.
   * @param work roughly how many multiplications or numbers it takes: a little is done without the other threads.
   * @throws PoolError if a thread died
   */
  run(operation: number, work: number): void {
    this.#control[THREADS] = work < MIN_SHARED_WORK ? 1 : this.threads;
    this.#control[OPERATION] = operation;
    let succeeded = 0;
    try {
      succeeded = this.#kernels.run();
    } catch (error) {
      this.#break((error as Error).message);
    }
    if (!succeeded) {
      throw new PoolError(
        `A thread of the training backend ${this.#failure ? `died (${this.#failure})` : 'does not answer'}.`,
      );
    }
  }

  #break(reason: string): void {
    this.#failure ??= reason;
    this.#kernels.endPool(true);
  }

  /** Ends the threads. The pool must not be used afterwards. */
  stop(): void {
    this.#kernels.endPool(false);
  }
}

/** The next multiple of a cache line at or after `address`. */
export function alignUp(address: number): number {
  return Math.ceil(address / CACHE_LINE_BYTES) * CACHE_LINE_BYTES;
}
