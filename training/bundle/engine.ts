/** Runs quantized networks in Node, on the kernel that the Worker runs. */

import { readFileSync } from 'node:fs';

import { type Engine, createEngine } from '../../src/sampler/engine.ts';
import { Failure, reasonOf } from '../cli/failure.ts';
import { layOut } from './layout.ts';
import { readNetwork } from './network.ts';

/** The kernel's two builds, with relaxed SIMD and without; they compute the same. */
const KERNELS = { relaxed: 'sampler.wasm', plain: 'sampler-plain.wasm' } as const;

/**
 * The kernel, compiled.
 * @throws Failure if it has not been built
 */
export function loadKernel(build: keyof typeof KERNELS = 'relaxed'): WebAssembly.Module {
  const path = new URL(`../../build/${KERNELS[build]}`, import.meta.url);
  try {
    return new WebAssembly.Module(readFileSync(path));
  } catch (error) {
    throw new Failure(
      `The sampler's kernel cannot be loaded (${reasonOf(error)}); run npm run build.`,
    );
  }
}

/**
 * @param file of quantized weights
 * @throws Failure if the kernel cannot run what the file holds
 */
export function loadEngine(file: Uint8Array): Engine {
  const kernel = loadKernel();
  try {
    return createEngine(kernel, layOut([readNetwork(file)]));
  } catch (error) {
    throw new Failure(`The int8 network does not run: ${reasonOf(error)}`);
  }
}
