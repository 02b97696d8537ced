/** Kernel and weights as texts in the module, for those who bundle everything into one file. */

import { MODEL, PLAIN_KERNEL, RELAXED_KERNEL } from '../../build/inlined.js';
import { type Assets, compileKernel, fetchBytes } from './assets.ts';

const KERNELS = { relaxed: RELAXED_KERNEL, plain: PLAIN_KERNEL };

export const assets: Assets = {
  kernel: () => compileKernel((name) => Promise.resolve(decode(KERNELS[name]))),
  model: () => Promise.resolve(decode(MODEL)),
  read: fetchBytes,
};

function decode(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
