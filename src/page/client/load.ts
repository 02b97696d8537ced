/** Kernel and weights → the very model that the server draws with. */

import { createModel, type Model } from '../../weights/model.ts';

/** page.html preloads both; their addresses change with their bytes, so that browsers may cache them. */
export async function loadModel(): Promise<Model> {
  const [kernel, weights] = await Promise.all(['kernel', 'weights'].map(fetchLinked));
  return createModel(await WebAssembly.compile(kernel), weights);
}

async function fetchLinked(id: string): Promise<Uint8Array<ArrayBuffer>> {
  const link = document.querySelector<HTMLLinkElement>(`link#${id}`);
  const response = await fetch(link?.href ?? '');
  if (!response.ok) throw new Error(`${id}: the server answered ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}
