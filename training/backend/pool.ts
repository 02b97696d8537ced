/**
 * The threads that share the kernels' work, on the heap of tfjs. A task is an operation and its arguments in a
 * control block; every thread, the calling one included, takes chunks of it until none is left.
 */

import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

import type { KernelExports } from './engine.ts';

/** Bytes of the control block, as `kernel/pool.ts` lays it out, and the words in it that this side writes. */
const CONTROL_BYTES = 1024;
const THREADS_WORD = 97;
const SPINS_WORD = 98;
const PATIENCE_WORD = 99;
const OPERATION_WORD = 112;
const ARGUMENTS_WORD = 113;

/** Looks at a word before sleeping on it: some 50 µs, more than lies between two kernels of a training step. */
const SPINS = 40_000;
/** Less than this takes one thread a few microseconds: no more than the threads' meeting costs. */
const WORTH_SHARING = 16_384;
const CACHE_LINE_BYTES = 64;

/** What a helping thread is given. */
export interface HelperData {
  kernels: WebAssembly.Module;
  memory: WebAssembly.Memory;
  controlAddress: number;
  thread: number;
}

export interface PoolOptions {
  /** At least 1; the calling thread is one of them. */
  threads: number;
  /** Threads that run at once on this machine. */
  cores: number;
  /** A thread that does not answer for this long in the middle of a task is taken for dead. */
  patienceMs?: number;
}

/** The heap that the pool's tasks lie in. */
export interface Heap {
  memory: WebAssembly.Memory;
  /** The address of that many bytes more. */
  allocate(sizeBytes: number): number;
}

/** A thread of the pool died: nothing computed since can be trusted, and the run has to end. */
export class PoolError extends Error {
  override name = 'PoolError';
}

export class Pool {
  readonly threads: number;
  readonly #kernels: KernelExports;
  readonly #words: Int32Array;
  readonly #floats: Float32Array;
  #failure: string | undefined;

  constructor(module: WebAssembly.Module, heap: Heap, options: PoolOptions) {
    const { threads, cores, patienceMs = 20_000 } = options;
    this.threads = threads;
    const address = alignUp(heap.allocate(CONTROL_BYTES + CACHE_LINE_BYTES));
    const buffer = heap.memory.buffer;
    this.#words = new Int32Array(buffer, address, CONTROL_BYTES / 4).fill(0);
    this.#floats = new Float32Array(buffer, address, CONTROL_BYTES / 4);
    // With more threads than cores, whoever spins keeps somebody from working.
    this.#words[SPINS_WORD] = threads <= cores ? SPINS : 0;
    this.#words[PATIENCE_WORD] = patienceMs;

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
   * Runs one operation to its end.
   * @param work about how many multiplications or numbers it takes: little is done without the other threads.
   * @param whole arguments that are pointers and sizes; `reals` follow them as float32.
   * @throws PoolError where a thread died.
   */
  run(
    operation: number,
    work: number,
    whole: readonly number[],
    reals: readonly number[] = [],
  ): void {
    this.#words[THREADS_WORD] = work < WORTH_SHARING ? 1 : this.threads;
    this.#words[OPERATION_WORD] = operation;
    this.#words.set(whole, ARGUMENTS_WORD);
    this.#floats.set(reals, ARGUMENTS_WORD + whole.length);
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

/** One thread's instance of the kernels, over the shared heap. */
export function instantiateKernels(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
): KernelExports {
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as KernelExports;
}
