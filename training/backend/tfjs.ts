/**
 * Loads the threaded SIMD build of tfjs's WASM backend in Node, where tfjs itself refuses to (tensorflow/tfjs#3830).
 * What is wanted of that build is its shared heap. Its own threads are not: it would start eight of them, whatever
 * the machine, for the few products that this project's pool computes anyway.
 */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { compileFunction } from 'node:vm';

import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

/** tfjs's Emscripten module, with what this project uses of it. */
export type TfjsModule = BackendWasm['wasm'] & {
  HEAPU8: Uint8Array<SharedArrayBuffer>;
  cwrap(name: string, returns: 'number' | null, takes: string[]): (...values: number[]) => number;
  _malloc(sizeBytes: number): number;
  _free(address: number): void;
};

type Factory = (settings: {
  locateFile(file: string): string;
  wasmMemory: WebAssembly.Memory;
}) => Promise<TfjsModule>;

const PAGE_BYTES = 65_536;
/** 128 MiB to begin with, so that a run of the usual size never grows its heap; untouched pages cost nothing. */
const INITIAL_PAGES = 2048;
/** What tfjs's build demands: 4 GiB. */
const MAXIMUM_PAGES = (4 * 1024 ** 3) / PAGE_BYTES;

/** Stands in for a thread that tfjs keeps in reserve: says that it is ready, and is never given work. */
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

/** Compiles tfjs's CommonJS file with a `require` whose threads stay idle. */
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
  ]);
  evaluate(requireIdle, module, module.exports, file, folder);
  return { factory: module.exports as Factory, folder };
}

/**
 * Instantiates tfjs's threaded SIMD build on a shared heap of its own.
 * @returns the module as class `BackendWasm` wants it, and the memory that other WASM modules can import.
 */
export async function loadTfjs(): Promise<{ module: TfjsModule; memory: WebAssembly.Memory }> {
  const { factory, folder } = loadFactory();
  const memory = new WebAssembly.Memory({
    initial: INITIAL_PAGES,
    maximum: MAXIMUM_PAGES,
    shared: true,
  });

  // The build replaces the global Worker and hooks into the process's error events: both are put back.
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

  // tfjs takes an exhausted heap's 0 for an address and goes on.
  // (Emscripten puts the real function into its place with the first call.)
  module._free(module._malloc(1));
  const allocate = module._malloc;
  module._malloc = (sizeBytes) => {
    const address = allocate(sizeBytes) >>> 0;
    if (address === 0) throw new RangeError(`tfjs's heap of 4 GiB has no ${sizeBytes} bytes left.`);
    return address;
  };

  // The table that tfjs's own loader adds.
  const initWithThreadsCount = module.cwrap('init_with_threads_count', null, ['number']);
  module.tfjs = {
    init: module.cwrap('init', null, []),
    // One: tfjs would take half the machine's cores, and threads are the pool's work.
    initWithThreadsCount: () => initWithThreadsCount(1),
    getThreadsCount: module.cwrap('get_threads_count', 'number', []),
    registerTensor: module.cwrap('register_tensor', null, ['number', 'number', 'number']),
    disposeData: module.cwrap('dispose_data', null, ['number']),
    dispose: module.cwrap('dispose', null, []),
  };
  return { module, memory };
}
