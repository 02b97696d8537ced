/** The kernels in WebAssembly: compiled once in a process, instantiated once in each thread. */

import { readFileSync } from 'node:fs';
import v8 from 'node:v8';

/** What `wasm/index.ts` exports. */
export interface KernelExports {
  bind(controlAddress: number): void;
  run(): number;
  help(thread: number): void;
  endPool(died: boolean): void;
}

/**
 * Compiles the kernels, and from here on lets V8 join neighbouring operations of 128 bits into one of 256
 * (`--experimental-wasm-revectorize`): with AVX2 a product is 2.4 times as fast, and the bits are the same, since lanes do
 * not mix. V8 can do that on x86-64 only. The flag holds for the whole process, tfjs's own kernels included,
 * because V8 reads it whenever it happens to optimize a function.
 */
export function compileKernels(relaxedSimd: boolean): WebAssembly.Module {
  if (process.arch === 'x64') v8.setFlagsFromString('--experimental-wasm-revectorize');
  const name = `training${relaxedSimd ? '-relaxed' : ''}.wasm`;
  return new WebAssembly.Module(readFileSync(new URL(`../../build/${name}`, import.meta.url)));
}

/** One thread's instance of the kernels, on the shared heap. */
export function instantiateKernels(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
): KernelExports {
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as KernelExports;
}
