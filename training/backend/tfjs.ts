/**
 * Loads the threaded SIMD build of tfjs's WASM backend in Node, where tfjs itself refuses to (tensorflow/tfjs#3830).
 * We want its shared heap, but not its threads: it would start eight of them, whatever the machine, for the few
 * products that our own pool computes anyway.
 */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { compileFunction } from 'node:vm';

import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

/** The parts of tfjs's Emscripten module that we use. */
export type TfjsModule = BackendWasm['wasm'] & {
  HEAPU8: Uint8Array<SharedArrayBuffer>;
  cwrap(name: string, returns: 'number' | null, takes: string[]): (...values: number[]) => number;
  _malloc(sizeBytes: number): number;
  _free(address: number): void;
};

/** tfjs's heap is full: nothing can be computed any more, and the run has to end. */
export class HeapError extends RangeError {
  override name = 'HeapError';
}

type Factory = (settings: {
  locateFile(file: string): string;
  wasmMemory: WebAssembly.Memory;
}) => Promise<TfjsModule>;

const PAGE_BYTES = 65_536;
/** 128 MiB, so that a run of the usual size never has to grow its heap; untouched pages cost nothing. */
const INITIAL_PAGES = 128 * (1024 ** 2 / PAGE_BYTES);
/** 4 GiB, which tfjs's build demands. */
const MAX_PAGES = (4 * 1024 ** 3) / PAGE_BYTES;

/** Stands in for a thread that tfjs keeps in reserve: it reports that it is ready, and never gets any work. */
class IdleThread {
  onmessage: ((event: { data: { cmd: string } }) => void) | undefined;

  postMessage({ cmd }: { cmd: string }): void {
    if (cmd !== 'load') throw new Error("tfjs's own threads stay idle.");
    queueMicrotask(() => this.onmessage?.({ data: { cmd: 'loaded' } }));
  }
  on(): void {}
  unref(): void {}
  terminate(): void {}
}

/** Evaluates tfjs's CommonJS file with a `require` that gives it idle threads. */
function loadFactory(): { factory: Factory; folder: string } {
  const require = createRequire(import.meta.url);
  const main = require.resolve('@tensorflow/tfjs-backend-wasm');
  const folder = path.join(path.dirname(main), '..', 'wasm-out');
  const file = path.join(folder, 'tfjs-backend-wasm-threaded-simd.js');
  const requireIdle = (name: string): unknown =>
    name === 'worker_threads' ? { Worker: IdleThread } : require(name);
  const module = { exports: {} };
  const evaluate = compileFunction(readFileSync(file, 'utf8'), [
    'require',
    'module',
    'exports',
    '__filename',
    '__dirname',
  ]) as (...parameters: readonly unknown[]) => void;
  evaluate(requireIdle, module, module.exports, file, folder);
  return { factory: module.exports as Factory, folder };
}

/**
 * Instantiates tfjs's threaded SIMD build on a shared heap of its own.
 * @returns the module as the class `BackendWasm` expects it, and the memory for other WASM modules to import
 */
export async function loadTfjs(): Promise<{ module: TfjsModule; memory: WebAssembly.Memory }> {
  const { factory, folder } = loadFactory();
  const memory = new WebAssembly.Memory({
    initial: INITIAL_PAGES,
    maximum: MAX_PAGES,
    shared: true,
  });

  // The build replaces the global Worker and listens to the process's error events: undo both.
  const worker = Object.getOwnPropertyDescriptor(globalThis, 'Worker');
  const events = ['uncaughtException', 'unhandledRejection'] as const;
  const listeners = events.map((event) => new Set<unknown>(process.listeners(event as 'exit')));
  let module: TfjsModule;
  try {
    module = await factory({
      locateFile: (name) => path.join(folder, name),
      wasmMemory: memory,
    });
  } finally {
    if (worker) Object.defineProperty(globalThis, 'Worker', worker);
    else Reflect.deleteProperty(globalThis, 'Worker');
    for (const [index, event] of events.entries()) {
      for (const listener of process.listeners(event as 'exit')) {
        if (!listeners[index]?.has(listener)) process.removeListener(event, listener);
      }
    }
  }

  // When the heap is exhausted, tfjs would take the 0 for an address and go on. The first call is there because
  // only then does Emscripten put the real function in its place.
  module._free(module._malloc(1));
  const allocate = module._malloc;
  module._malloc = (sizeBytes) => {
    const address = allocate(sizeBytes) >>> 0;
    if (address === 0)
      throw new HeapError(`tfjs's heap of 4 GiB does not have ${sizeBytes} bytes left.`);
    return address;
  };

  // The table that tfjs's own loader would add.
  const initWithThreadsCount = module.cwrap('init_with_threads_count', null, ['number']);
  module.tfjs = {
    init: module.cwrap('init', null, []),
    // tfjs would take half of the machine's cores, but threads are our pool's business.
    initWithThreadsCount: () => initWithThreadsCount(1),
    getThreadsCount: module.cwrap('get_threads_count', 'number', []),
    registerTensor: module.cwrap('register_tensor', null, ['number', 'number', 'number']),
    disposeData: module.cwrap('dispose_data', null, ['number']),
    dispose: module.cwrap('dispose', null, []),
  };
  return { module, memory };
}
