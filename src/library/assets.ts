/**
 * Where kernel and weights come from: files beside the module, or whatever else the platform has. Each platform has a
 * file of its own (fetched.ts, node.ts, workerd.ts, inlined.ts); this is what they have in common.
 */

import { createModel, type Model } from '../weights/model.ts';
import type { ModelOptions, Source } from './types.ts';

/** What a platform knows how to load. */
export interface Assets {
  /** The sampler's kernel, compiled. */
  kernel(): Promise<WebAssembly.Module>;
  /** The model that ships. */
  model(): Promise<Uint8Array>;
  /** What an address of the user's holds. */
  read(address: string): Promise<Uint8Array>;
}

/** @throws Error that says what cannot be loaded; SafetensorsError or TypeError for weights that are no model */
export async function loadModel(assets: Assets, { weights }: ModelOptions = {}): Promise<Model> {
  const [kernel, file] = await Promise.all([assets.kernel(), bytesOf(assets, weights)]);
  const model = createModel(kernel, file);
  // Models are read when they are first used: here, where whoever asked for it expects errors.
  void model.sampler;
  return model;
}

function bytesOf(assets: Assets, source: Source | undefined): Promise<Uint8Array> | Uint8Array {
  if (source === undefined) return assets.model();
  if (typeof source === 'string') return assets.read(source);
  if (source instanceof Uint8Array) return source;
  return 'href' in source ? assets.read(source.href) : new Uint8Array(source);
}

/**
 * Compiles the kernel with relaxed SIMD, or where the engine lacks that the one that computes the same without.
 * @param read what gives the bytes of either
 */
export async function compileKernel(
  read: (name: 'relaxed' | 'plain') => Promise<BufferSource>,
): Promise<WebAssembly.Module> {
  const relaxed = await read('relaxed');
  return WebAssembly.compile(WebAssembly.validate(relaxed) ? relaxed : await read('plain'));
}

/** @throws Error where there is no such file */
export async function fetchBytes(address: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: the server answered ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}
