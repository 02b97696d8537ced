/** Kernel and weights as modules of a Worker, which may not compile WebAssembly from bytes and has no files. */

import model from '../../build/model.safetensors';
import kernel from '../../build/sampler.wasm';
import { type Assets, fetchBytes } from './assets.ts';

export const assets: Assets = {
  kernel: () => Promise.resolve(kernel),
  model: () => Promise.resolve(new Uint8Array(model)),
  read: fetchBytes,
};
