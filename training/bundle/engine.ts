/** An int8 network on the kernel that the Worker runs, here in Node. */

import { readFileSync } from 'node:fs';

import { type Engine, createEngine } from '../../src/sampler/engine.ts';
import { Failure, reasonOf } from '../cli/failure.ts';
import { layOut } from './layout.ts';
import { readNetwork } from './network.ts';

/** The compiled build/sampler.wasm. @throws Failure where it has not been built */
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
 * An engine with the one network of this file.
 * @throws Failure where the file holds no network that the kernel can run
 */
export function loadEngine(file: Uint8Array): Engine {
  const kernel = loadKernel();
  try {
    return createEngine(kernel, layOut([readNetwork(file)]));
  } catch (error) {
    throw new Failure(`The int8 network does not run: ${reasonOf(error)}`);
  }
}
