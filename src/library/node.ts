/** Kernel and weights as files beside the module, read from disk: in Node, Deno and Bun. */

import { readFile } from 'node:fs/promises';

import { type Assets, compileKernel, fetchBytes } from './assets.ts';

const KERNELS = {
  relaxed: new URL('../../build/sampler.wasm', import.meta.url),
  plain: new URL('../../build/sampler-plain.wasm', import.meta.url),
};
const MODEL = new URL('../../build/model.safetensors', import.meta.url);

export const assets: Assets = {
  kernel: () => compileKernel((name) => readFile(KERNELS[name])),
  model: () => readFile(MODEL),
  read: (address) => {
    if (/^https?:/i.test(address)) return fetchBytes(address);
    return readFile(/^file:/i.test(address) ? new URL(address) : address);
  },
};
