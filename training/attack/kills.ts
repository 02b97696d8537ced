/**
 * Trainings that are killed (SIGKILL) again and again, every second time while a checkpoint is written, and resumed: no
 * checkpoint is lost, and the generator at the end has the same bytes as that of a run that nothing broke off. The seed
 * gives the instants; what a training does at them depends on the machine. Not here: signals that ask it to stop.
 */

import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { Random } from '../../src/sampler/random.ts';
import { Failure } from '../cli/failure.ts';
import { TEMPORARY } from '../cli/files.ts';
import { newestCheckpoint } from '../gan/checkpoint.ts';
import { counted, currentEpoch } from '../gan/position.ts';
import { pathsOf } from '../gan/run-folder.ts';
import type { Attack, Watch } from './attack.ts';
import { inTemporaryFolder } from './folder.ts';
import { begun, dataIn, finish, generatorOf, startTraining } from './trainings.ts';

/** So short that a checkpoint is being written at many instants. */
const RECIPE = ['--steps-per-epoch', '2', '--batch-size', '2', '--threads', '1', '--seed', '7'];
/** More than are reached before the last kill. */
const ENDLESS = ['--epochs', '10000'];
/** A training lives less than this after it has said what it computes with; every second one until the next checkpoint. */
const MAX_LIFE_MS = 2500;
const LOOK_EVERY_MS = 1;

export const kills: Attack = {
  cases: 'kills',
  about:
    'kills of a training at random instants, resumed each time and compared with a run without',
  preset: 50,
  run: (seed, count, watch) => inTemporaryFolder((folder) => attack(folder, seed, count, watch)),
};

async function attack(folder: string, seed: string, count: number, watch: Watch) {
  const random = Random.fromString(seed);
  const [broken, whole] = [join(folder, 'broken'), join(folder, 'whole')];
  const recipe = [...RECIPE, '--data', dataIn(folder, random)];
  const { checkpoints } = pathsOf(broken);
  let [step, inWriting] = [0, 0];
  for (let i = 1; i <= count; i++) {
    const startMs = Date.now();
    const isEnough = (): boolean => i % 2 === 0 || isBeingWritten(checkpoints, startMs);
    await kill([...startOf(broken, recipe), ...ENDLESS], async (hasEnded) => {
      await wait(random.below(MAX_LIFE_MS));
      while (!hasEnded() && !isEnough()) await wait(LOOK_EVERY_MS);
    });
    const { checkpoint, damaged } = newest(checkpoints);
    for (const { path, reason } of damaged) watch.found(`kill ${i}: ${path} is damaged: ${reason}`);
    const reached = checkpoint?.position.step ?? 0;
    if (reached < step) watch.found(`kill ${i}: step ${reached}, which had been at ${step}`);
    step = reached;
    if (isBeingWritten(checkpoints, startMs)) inWriting++;
    watch.done(i);
  }
  const { checkpoint } = newest(checkpoints);
  const epochs = `${checkpoint ? currentEpoch(checkpoint.position) + 1 : 1}`;
  await finish([...startOf(broken, recipe), '--epochs', epochs]);
  await finish([...startOf(whole, recipe), '--epochs', epochs]);
  if (!generatorOf(broken).equals(generatorOf(whole))) {
    watch.found('the generator differs from that of an unbroken run');
  }
  return `${inWriting} fell into the writing of a checkpoint; ${counted(Number(epochs), 'epoch')} in the end.`;
}

/** Flags that start a run, or go on with it. */
function startOf(out: string, recipe: readonly string[]): string[] {
  const isThere = existsSync(pathsOf(out).config);
  return [...(isThere ? ['--resume'] : recipe), '--out', out];
}

function newest(checkpoints: string): ReturnType<typeof newestCheckpoint> {
  return existsSync(checkpoints)
    ? newestCheckpoint(checkpoints)
    : { checkpoint: undefined, damaged: [] };
}

/** Whether a file is there that is not whole, and from after that: one from before stays until the next is written. */
function isBeingWritten(checkpoints: string, sinceMs: number): boolean {
  if (!existsSync(checkpoints)) return false;
  return readdirSync(checkpoints).some((name) => {
    if (!name.endsWith(TEMPORARY)) return false;
    const stats = statSync(join(checkpoints, name), { throwIfNoEntry: false });
    return stats !== undefined && stats.mtimeMs >= sinceMs;
  });
}

/**
 * Trains, and kills at the end of a life that begins when it has said what it computes with.
 * @throws Failure if it ends by itself
 */
async function kill(
  args: readonly string[],
  life: (hasEnded: () => boolean) => Promise<void>,
): Promise<void> {
  const { child, ended } = startTraining(args);
  await Promise.race([begun(child).then(() => life(() => child.exitCode !== null)), ended]);
  child.kill('SIGKILL');
  const { code, said } = await ended;
  if (code !== null) throw new Failure(`A training ended by itself, with ${code}: ${said}`);
}
