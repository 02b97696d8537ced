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

/** V8's flag, which does something on x86-64 only. */
const REVECTORIZE = '--experimental-wasm-revectorize';
/** V8's first major version whose Node has the flag: 12 is Node 22's. Older ones complain of it on standard error. */
const MIN_V8_MAJOR = 12;

/**
 * Compiles the kernels. With `revectorize`, V8 may from here on join neighbouring operations of 128 bits into one of 256;
 * the bits are the same, since lanes do not mix. The flag holds for the whole process, tfjs's own kernels included,
 * because V8 reads it whenever it happens to optimize a function.
 */
export function compileKernels(relaxedSimd: boolean, revectorize: boolean): WebAssembly.Module {
  const hasFlag =
    process.arch === 'x64' && Number.parseInt(process.versions.v8, 10) >= MIN_V8_MAJOR;
  if (revectorize && hasFlag) v8.setFlagsFromString(REVECTORIZE);
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
