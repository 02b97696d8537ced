/** What to do when `train:wasm` cannot go on, in terms of its flags, which other rooms do not know. */

import { HeapError, PoolError } from '../backend/index.ts';
import { DiskFullError, Failure } from '../cli/failure.ts';
import type { Dataset } from '../data/dataset.ts';
import { type Advice, RunError } from '../gan/existing-run.ts';
import { NotFiniteError } from '../gan/not-finite.ts';
import type { Settings } from '../gan/recipe.ts';
import { pathsOf } from '../gan/run-folder.ts';
import { MNIST } from '../quantization/data-origin.ts';
import { dataArguments } from './data-flags.ts';

const ADVICE: Advice = {
  NotAFolder: 'choose another one by --out DIR',
  NotEmpty: 'choose another one by --out DIR',
  RunExists: 'go on with it by --resume, or choose another folder by --out DIR',
  NoRun: 'leave out --resume to start one',
  NoSettings: 'start another run by --out DIR',
  NoWholeCheckpoint: 'start another run by --out DIR',
  NoCheckpoint: 'to start over, remove the folder, or choose another one by --out DIR',
  InUse: 'wait until it ends, or choose another folder by --out DIR',
};

/** What to do with a run that has finished. The classifier that ships reads MNIST's digits alone. */
export function nextSteps(
  settings: Settings,
  { name, labels }: Pick<Dataset, 'name' | 'labels'>,
): string {
  const { out, evaluateEvery } = settings;
  const from = evaluateEvery > 0 ? pathsOf(out).best : out;
  const isRead = name !== MNIST && labels !== undefined;
  const classifier = isRead ? [`npm run train:classifier -- ${dataArguments(settings)}`] : [];
  const steps = [...classifier, `npm run quantize -- --from ${from}`, 'npm start'];
  return `To serve what it draws: ${steps.join(' && ')}`;
}

export function resumeCommand(out: string): string {
  return `npm run train:wasm -- --out ${out} --resume`;
}

/** Adds to whatever was thrown what a user can do about it. */
export function withAdvice(error: unknown, out: string): unknown {
  if (error instanceof RunError) return error.withAdvice(ADVICE);
  if (error instanceof NotFiniteError) {
    const rates = 'Lower learning rates (--generator-lr, --discriminator-lr)';
    return new Failure(`${error.message} ${rates} in a new run may help.`);
  }
  if (error instanceof PoolError || error instanceof DiskFullError) {
    return new Failure(
      `${error.message} To go on from the newest checkpoint: ${resumeCommand(out)}`,
    );
  }
  if (error instanceof HeapError) {
    return new Failure(`${error.message} A smaller --batch-size in a new run takes less.`);
  }
  return error;
}
