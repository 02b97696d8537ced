/** Runs int8 networks in Node, on the kernel that the Worker runs. */

import { readFileSync } from 'node:fs';

import { type Engine, createEngine } from '../../src/sampler/engine.ts';
import { Failure, reasonOf } from '../cli/failure.ts';
import { layOut } from './layout.ts';
import { readNetwork } from './network.ts';

/**
 * build/sampler.wasm, compiled.
 * @throws Failure if it has not been built
 */
export function loadKernel(): WebAssembly.Module {
  const path = new URL('../../build/sampler.wasm', import.meta.url);
  try {
    return new WebAssembly.Module(readFileSync(path));
  } catch (error) {
    throw new Failure(
      `The sampler's kernel cannot be loaded (${reasonOf(error)}); run npm run build.`,
    );
  }
}

/**
 * @param file of int8 weights
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
