/** This project's compiled kernels: which build suits the engine, and how it is compiled. */

import { readFileSync } from 'node:fs';
import v8 from 'node:v8';

/** The operations of `kernel/index.ts`, by number. */
export const Operation = {
  product: 0,
  leakyRelu: 1,
  leakyReluGradient: 2,
  multiply: 3,
  sumRows: 4,
  adam: 5,
  tanh: 6,
  tanhGradient: 7,
  dropout: 8,
} as const;

/** What `kernel/index.ts` exports. */
export interface KernelExports {
  bind(controlAddress: number): void;
  run(): number;
  help(thread: number): void;
  endPool(died: boolean): void;
}

/** What this engine's WebAssembly can do. */
export interface Features {
  simd: boolean;
  relaxedSimd: boolean;
  threads: boolean;
}

const module = (body: number[]): Uint8Array<ArrayBuffer> =>
  // magic, version 1, type () -> (), one function of it, and its code
  new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, ...body]);

// v128.const 0; then (relaxed) f32x4.relaxed_madd of three of them; drop
const ZERO = [253, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
const SIMD = module([23, 1, 21, 0, ...ZERO, 26, 11]);
const RELAXED_SIMD = module([62, 1, 60, 0, ...ZERO, ...ZERO, ...ZERO, 253, 133, 2, 26, 11]);

/** Asks the engine, by validating the smallest module that uses each feature. */
export function detectFeatures(): Features {
  return {
    simd: WebAssembly.validate(SIMD),
    relaxedSimd: WebAssembly.validate(RELAXED_SIMD),
    threads: typeof SharedArrayBuffer === 'function',
  };
}

/**
 * Compiles the kernels, and lets V8 join neighbouring 128-bit operations to 256-bit ones from here on
 * (`--experimental-wasm-revectorize`: 2.4 times the speed of a product on a processor with AVX2, and the same bits,
 * since lanes do not mix). V8 has that for x86-64 only. It holds for the whole process, tfjs's own kernels included,
 * because V8 reads the flag whenever it happens to optimize a function.
 */
export function compileKernels(relaxedSimd: boolean): WebAssembly.Module {
  if (process.arch === 'x64') v8.setFlagsFromString('--experimental-wasm-revectorize');
  const name = `training${relaxedSimd ? '-relaxed' : ''}.wasm`;
  return new WebAssembly.Module(readFileSync(new URL(`../../build/${name}`, import.meta.url)));
}
