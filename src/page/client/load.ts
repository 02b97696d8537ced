/** Kernel and models from the server. page.html preloads those that ship; addresses change with the bytes, so browsers keep them. */

import { createModel, type Model } from '../../weights/model.ts';
import { byId } from './dom.ts';

/** The kernel with relaxed SIMD, or where the browser lacks that the one that computes the same without. */
export async function loadKernel(): Promise<WebAssembly.Module> {
  const { href, dataset } = byId('kernel', HTMLLinkElement);
  const kernel = await fetchBytes(href);
  const runs = WebAssembly.validate(kernel);
  return WebAssembly.compile(runs ? kernel : await fetchBytes(dataset['plain'] ?? ''));
}

/**
 * @param progress called with the share that has come, where the server says how much will
 * @throws Error that says what the server answered
 */
export async function loadModel(
  kernel: Promise<WebAssembly.Module>,
  address: string,
  progress: (share: number) => void = () => {},
): Promise<Model> {
  progress(0);
  const [module, weights] = await Promise.all([kernel, fetchBytes(address, progress)]);
  return createModel(module, weights);
}

async function fetchBytes(
  address: string,
  progress: (share: number) => void = () => {},
): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: the server answered ${response.status}`);
  const total = Number(response.headers.get('Content-Length'));
  // The length is that of what is sent, which is shorter where it is compressed.
  if (!response.body || !total || response.headers.has('Content-Encoding')) {
    return new Uint8Array(await response.arrayBuffer());
  }
  const chunks: BlobPart[] = [];
  let arrived = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return new Uint8Array(await new Blob(chunks).arrayBuffer());
    chunks.push(value);
    arrived += value.length;
    progress(Math.min(1, arrived / total));
  }
}
