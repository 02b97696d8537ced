/** Kernel and weights as files beside the module, fetched when they are first used: in browsers, with or without a bundler. */

import { type Assets, compileKernel, fetchBytes } from './assets.ts';

// Bundlers find files by this very expression.
const KERNELS = {
  relaxed: () => new URL('../../build/sampler.wasm', import.meta.url),
  plain: () => new URL('../../build/sampler-plain.wasm', import.meta.url),
};
const MODEL = () => new URL('../../build/model.safetensors', import.meta.url);

export const assets: Assets = {
  kernel: () => compileKernel((name) => fetchBytes(KERNELS[name]().href)),
  model: () => fetchBytes(MODEL().href),
  read: fetchBytes,
};
