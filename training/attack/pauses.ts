/**
 * Trainings that are stopped in their tracks (SIGSTOP) for longer than their threads wait for each other, as where a
 * machine sleeps: they go on, and end with the same generator as one that was never paused.
 */

import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { Random } from '../../src/sampler/random.ts';
import type { Attack, Watch } from './attack.ts';
import { inTemporaryFolder } from './folder.ts';
import { begun, dataIn, finish, generatorOf, startTraining } from './trainings.ts';

const RECIPE = [
  '--epochs',
  '2',
  '--steps-per-epoch',
  '200',
  '--batch-size',
  '16',
  '--threads',
  '2',
];
/** A thread of the pool waits 20 seconds for the others. */
const PAUSE_MS = 25_000;
/** A training is paused at most so long after it has begun. */
const MAX_LIFE_MS = 1000;

export const pauses: Attack = {
  cases: 'pauses',
  about: 'pauses of 25 seconds, each in a training, compared with one without',
  preset: 3,
  run: (seed, count, watch) => inTemporaryFolder((folder) => attack(folder, seed, count, watch)),
};

async function attack(folder: string, seed: string, count: number, watch: Watch): Promise<string> {
  const random = Random.fromString(seed);
  const recipe = [...RECIPE, '--data', dataIn(folder, random), '--out'];
  const whole = join(folder, 'whole');
  await finish([...recipe, whole]);
  let inTime = 0;
  for (let i = 1; i <= count; i++) {
    const paused = join(folder, `paused-${i}`);
    const { child, ended } = startTraining([...recipe, paused]);
    await Promise.race([begun(child).then(() => wait(random.below(MAX_LIFE_MS))), ended]);
    if (child.kill('SIGSTOP')) inTime++;
    await wait(PAUSE_MS);
    child.kill('SIGCONT');
    const { code, said } = await ended;
    if (code !== 0) watch.found(`pause ${i}: the training ended with ${code}: ${said}`);
    else if (!generatorOf(paused).equals(generatorOf(whole))) {
      watch.found(`pause ${i}: the generator differs from that of a training without`);
    }
    watch.done(i);
  }
  return `${inTime} fell into the training.`;
}
