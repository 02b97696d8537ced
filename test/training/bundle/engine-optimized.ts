/** Runs the sampler's kernel until V8 has optimized it, and prints a hash of what it gave last. */

import { createHash } from 'node:crypto';

import { createEngine } from '../../../src/sampler/engine.ts';
import { Random } from '../../../src/sampler/random.ts';
import { latentOf } from '../../../src/sampler/seed.ts';
import { loadKernel } from '../../../training/bundle/engine.ts';
import { layOut } from '../../../training/bundle/layout.ts';
import { readNetwork } from '../../../training/bundle/network.ts';
import { CLASSIFIER, parsed, randomNetwork } from './networks.ts';

/** V8 optimizes a function after some hundred kilobytes of its code have run. */
const ROUNDS = 3000;

const networks = [
  randomNetwork([110, 256, 512, 784]),
  randomNetwork([784, 96, 10], '', CLASSIFIER),
];
const { draw, classify } = createEngine(
  loadKernel(process.argv[2] === 'plain' ? 'plain' : 'relaxed'),
  layOut(networks.map((parts) => readNetwork(parsed(parts)))),
);
const random = Random.fromString('optimized');
const pair = [latentOf(random, 110), latentOf(random, 110)];
const hash = createHash('sha256');
for (let round = 0; round < ROUNDS; round++) {
  for (const latents of [pair, [pair[1]]]) {
    const pictures = draw(latents);
    const logits = classify(pictures);
    if (round === ROUNDS - 1) for (const answer of [...pictures, ...logits]) hash.update(answer);
  }
}
process.stdout.write(`${hash.digest('hex')}\n`);
