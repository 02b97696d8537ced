/** The page in a browser: loads the model, then starts each part of the page. */

import { freshSeed } from '../../sampler/seed.ts';
import { createAddress } from './address.ts';
import { compareWithServer } from './check.ts';
import { enableCopying } from './copy.ts';
import { createDetail } from './detail.ts';
import { byId } from './dom.ts';
import { createLearning } from './learn.ts';
import { loadKernel, loadModel } from './load.ts';
import { chosenWeights } from './models.ts';
import { createPlayground } from './playground.ts';
import type { Source } from './source.ts';
import { createSteering } from './steer.ts';
import { createWalk } from './walk.ts';
import { createWall } from './wall.ts';

const check = byId('check', HTMLElement);
const state = byId('wall-state', HTMLElement);
const own = byId('own', HTMLFormElement);

let show: (source: Source) => void = () => {};

async function start(): Promise<void> {
  // What caches keep of the page cannot name the host that it is asked at.
  byId('curl', HTMLInputElement).value = `curl -o digit.png '${location.origin}/digit.png?scale=8'`;
  enableCopying();
  const address = createAddress();
  const wall = createWall(address, (source) => {
    show(source);
  });
  const kernel = loadKernel();
  const model = await loadModel(kernel, await chosenWeights(address), (share) => {
    state.textContent = `Loading the network, once: ${Math.round(share * 100)} %`;
  });
  const filled = wall.fill(model);
  const walk = createWalk(model, address);
  const steer = createSteering(model, address, (source) => {
    show(source);
  });
  const play = createPlayground(model, address);
  show = createDetail(model, { walkFrom: walk.from, walkTo: walk.to, steer, play }, address);
  own.addEventListener('submit', (event) => {
    event.preventDefault();
    const seed = new FormData(own).get('seed');
    if (typeof seed === 'string') show({ seed: seed.toWellFormed() });
  });
  await filled;
  await createLearning(kernel, address);
  check.textContent = await compareWithServer(model, freshSeed());
}

start().catch((error: unknown) => {
  const reason = error instanceof Error ? error.message : String(error);
  // The same as page.html shows where scripts are off.
  const fallback = document.querySelector('noscript')?.textContent ?? '';
  byId('wall', HTMLElement).outerHTML = fallback;
  state.textContent = `This browser cannot draw by itself (${reason}); the server does.`;
});
