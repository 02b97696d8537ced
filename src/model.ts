/**
 * Kernel and weights → what answers are made of. Nothing happens before it is asked for, because a
 * Worker's start-up is limited, and everything at most once.
 */

import { bytesToHex } from '@noble/hashes/utils.js';

import { readNetwork } from './sampler/network.ts';
import { createSampler, type Sampler } from './sampler/sampler.ts';

/** A digit is 28 pixels wide and high. */
export const DIGIT_SIDE = 28;

/** To be raised whenever any answer's bytes would change although the weights stay the same. */
const ANSWERS_VERSION = 1;

export interface Model {
  /** 64 hex digits: the SHA-256 of ANSWERS_VERSION (4 bytes, little-endian) and the weights' file. */
  hash(): Promise<string>;
  /** @throws SafetensorsError or NetworkError for broken weights */
  sampler(): Sampler;
}

/**
 * @param kernel the compiled build/sampler.wasm
 * @param generator a quantized generator's safetensors file
 */
export function createModel(kernel: WebAssembly.Module, generator: Uint8Array): Model {
  let hash: string | undefined;
  let sampler: Sampler | undefined;
  return {
    // The text is kept, not its promise: in a Worker, one request must not wait for another's promise.
    hash: async () => (hash ??= await hashOf(generator)),
    sampler: () => (sampler ??= samplerOf(kernel, generator)),
  };
}

function samplerOf(kernel: WebAssembly.Module, generator: Uint8Array): Sampler {
  const network = readNetwork(generator);
  const outputs = network.layers.at(-1)?.outputs;
  if (outputs !== DIGIT_SIDE ** 2) {
    throw new RangeError(`the generator draws ${outputs} pixels, expected ${DIGIT_SIDE ** 2}`);
  }
  return createSampler(kernel, network);
}

async function hashOf(generator: Uint8Array): Promise<string> {
  const bytes = new Uint8Array(4 + generator.length);
  new DataView(bytes.buffer).setUint32(0, ANSWERS_VERSION, true);
  bytes.set(generator, 4);
  return bytesToHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
}
