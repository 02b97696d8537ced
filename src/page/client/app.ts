/** The page in a browser: loads the model, then starts each part of the page. */

import { freshSeed } from '../../sampler/seed.ts';
import { createModel, type Model } from '../../weights/model.ts';
import { compareWithServer } from './check.ts';
import { enableCopying } from './copy.ts';
import { createDetail } from './detail.ts';
import { byId } from './dom.ts';
import { curlLine } from './links.ts';
import { createSteering } from './steer.ts';
import { createWalk } from './walk.ts';
import { createWall } from './wall.ts';

const check = byId('check', HTMLElement);
const state = byId('wall-state', HTMLElement);
const own = byId('own', HTMLFormElement);

let show: (seed: string) => void = () => {};

async function start(): Promise<void> {
  // What caches keep of the page cannot name the host that it is asked at.
  byId('curl', HTMLInputElement).value = curlLine(`${location.origin}/digit.png?scale=8`);
  enableCopying();
  const wall = createWall((seed) => {
    show(seed);
  });
  state.textContent = 'Loading the network, once …';
  const model = await loadModel();
  const filled = wall.fill(model);
  const walk = createWalk(model);
  const steer = createSteering(model);
  show = createDetail(model, { walkFrom: walk.from, walkTo: walk.to, steer });
  own.addEventListener('submit', (event) => {
    event.preventDefault();
    const seed = new FormData(own).get('seed');
    if (typeof seed === 'string') show(seed.toWellFormed());
  });
  await filled;
  check.textContent = await compareWithServer(model, freshSeed());
}

/**
 * The model that the server draws with. page.html preloads kernel and weights; their addresses change
 * with their bytes, so that browsers may cache them.
 */
async function loadModel(): Promise<Model> {
  const { href } = byId('weights', HTMLLinkElement);
  const [kernel, weights] = await Promise.all([fetchKernel(), fetchBytes(href)]);
  return createModel(await WebAssembly.compile(kernel), weights);
}

/** The kernel with relaxed SIMD, or where the browser lacks that the one that computes the same without. */
async function fetchKernel(): Promise<Uint8Array<ArrayBuffer>> {
  const { href, dataset } = byId('kernel', HTMLLinkElement);
  const kernel = await fetchBytes(href);
  return WebAssembly.validate(kernel) ? kernel : fetchBytes(dataset['plain'] ?? '');
}

async function fetchBytes(address: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: the server answered ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

start().catch((error: unknown) => {
  const reason = error instanceof Error ? error.message : String(error);
  // The same as page.html shows where scripts are off.
  const fallback = document.querySelector('noscript')?.textContent ?? '';
  byId('wall', HTMLElement).outerHTML = fallback;
  state.textContent = `This browser cannot draw by itself (${reason}); the server does.`;
});
