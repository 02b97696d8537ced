/** The page in a browser: loads the model, then starts each part of the page. */

import { freshSeed } from '../../sampler/seed.ts';
import { compareWithServer } from './check.ts';
import { enableCopying } from './copy.ts';
import { createDetail } from './detail.ts';
import { byId } from './dom.ts';
import { loadModel } from './load.ts';
import { createSteering } from './steer.ts';
import { createWalk } from './walk.ts';
import { createWall } from './wall.ts';

const check = byId('check', HTMLElement);
const state = byId('wall-state', HTMLElement);
const own = byId('own', HTMLFormElement);

let show: (seed: string) => void = () => {};

async function start(): Promise<void> {
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

start().catch((error: unknown) => {
  const reason = error instanceof Error ? error.message : String(error);
  // The same as page.html shows where scripts are off.
  const fallback = document.querySelector('noscript')?.textContent ?? '';
  byId('wall', HTMLElement).outerHTML = fallback;
  state.textContent = `This browser cannot draw digits by itself (${reason}); the server does.`;
});
