/** What this engine's WebAssembly can do, found out by validating the smallest module that uses each feature. */

export interface Features {
  readonly simd: boolean;
  readonly relaxedSimd: boolean;
  readonly threads: boolean;
}

const module = (body: number[]): Uint8Array<ArrayBuffer> =>
  // magic, version 1, type () -> (), one function of it, and its code
  new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, ...body]);

// v128.const 0; then (relaxed) f32x4.relaxed_madd of three of them; drop
const ZERO = [253, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
const SIMD = module([23, 1, 21, 0, ...ZERO, 26, 11]);
const RELAXED_SIMD = module([62, 1, 60, 0, ...ZERO, ...ZERO, ...ZERO, 253, 133, 2, 26, 11]);

export function detectFeatures(): Features {
  return {
    simd: WebAssembly.validate(SIMD),
    relaxedSimd: WebAssembly.validate(RELAXED_SIMD),
    threads: typeof SharedArrayBuffer === 'function',
  };
}
