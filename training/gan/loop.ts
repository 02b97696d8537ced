/**
 * The loop of a run: steps, epochs, when to write what, and stopping.
 * It knows files, but neither command lines nor how a terminal looks.
 */

import { setImmediate as breathe } from 'node:timers/promises';

import * as tf from '@tensorflow/tfjs';

import { Random } from '../../src/sampler/random.ts';
import type { Progress, Status } from '../cli/progress.ts';
import type { Dataset } from '../data/dataset.ts';
import { type Checkpoint, type Position, saveCheckpoint } from './checkpoint.ts';
import { serializeGenerator } from './generator-file.ts';
import { summaries } from './networks.ts';
import { drawPreview, previewLatents } from './preview.ts';
import { type Settings, recipeOf } from './recipe.ts';
import {
  type Computing,
  appendMetrics,
  cutMetrics,
  pathsOf,
  writeConfig,
  writeGenerator,
  writePreview,
} from './run-folder.ts';
import { type Losses, NotFiniteError, step } from './step.ts';
import { restoreTrainer } from './trainer-tensors.ts';
import { type TrainerOptions, createTrainer, shownGenerator } from './trainer.ts';

/** What a run starts from. */
export interface Run extends TrainerOptions {
  readonly settings: Settings;
  readonly dataset: Dataset;
  /** Where to go on from; undefined: from the beginning. */
  readonly checkpoint: Checkpoint | undefined;
  readonly computing: Computing;
  readonly progress: Progress;
  /** True as soon as the run should save and stop. */
  readonly interrupted: () => boolean;
}

const START: Position = {
  epoch: 0,
  step: 0,
  discriminatorLossSum: 0,
  generatorLossSum: 0,
  stepMsSum: 0,
  elapsedS: 0,
};

/**
 * Trains to the last epoch, or until interrupted.
 * @returns whether the last epoch was reached
 * @throws NotFiniteError if a loss or a weight is no longer a number; the newest checkpoint is from before that
 */
export async function train(run: Run): Promise<boolean> {
  const { settings, dataset, checkpoint, progress } = run;
  const { out, epochs, stepsPerEpoch } = settings;
  const start = Random.fromString(`training ${settings.seed}`);
  const trainer = createTrainer(settings, start, run);
  const generator = shownGenerator(trainer);
  if (checkpoint !== undefined) await restoreTrainer(trainer, checkpoint);
  const random = checkpoint ? new Random(Uint32Array.from(checkpoint.randomState)) : start;
  const latents = previewLatents(settings);
  let position = checkpoint?.position ?? START;
  progress.say(summaries(trainer.gan));
  if (checkpoint !== undefined) progress.say(`Going on after ${describe(position)}.`);

  writeConfig(settings, dataset, run.computing);
  cutMetrics(out, position.epoch);
  let saved = checkpoint && { path: checkpoint.path, position };
  const save = async (): Promise<string> => {
    const state = { settings, datasetSha256: dataset.sha256, position };
    const path = await saveCheckpoint(pathsOf(out).checkpoints, trainer, {
      ...state,
      randomState: [...random.state],
    });
    saved = { path, position };
    return path;
  };
  const generatorFile = (): Uint8Array => {
    const origin = { recipe: recipeOf(settings), epochs: position.epoch, dataset: dataset.name };
    return serializeGenerator(generator, origin);
  };

  let markMs = performance.now();
  let tensors: number | undefined;
  try {
    while (position.epoch < epochs) {
      await breathe(); // so that Ctrl-C is heard
      if (run.interrupted()) {
        const path = saved?.position === position ? saved.path : await save();
        progress.say(`Stopped after ${describe(position)}; saved ${path}.`);
        return false;
      }
      const startMs = performance.now();
      const losses = step(trainer, dataset, settings, random);
      const nowMs = performance.now();
      const times = { stepMs: nowMs - startMs, elapsedS: (nowMs - markMs) / 1000 };
      position = afterStep(position, losses, times);
      markMs = nowMs;
      progress.stepped(statusOf(settings, position));
      tensors ??= tf.memory().numTensors;
      if (tf.memory().numTensors !== tensors) {
        throw new Error(`tensors leak: ${tensors} became ${tf.memory().numTensors} in a step`);
      }
      if (position.step < stepsPerEpoch) continue;

      const epoch = position.epoch + 1;
      writeMetrics(out, position, stepsPerEpoch);
      position = { ...START, epoch, elapsedS: position.elapsedS };
      if (epoch === 1 || epoch % settings.sampleEvery === 0) {
        const digits = drawPreview(generator, latents, settings);
        writePreview(out, epoch, { digits, generator: generatorFile() });
      }
      if (epoch % settings.checkpointEvery === 0 || epoch === epochs) await save();
    }
  } catch (error) {
    if (!(error instanceof NotFiniteError)) throw error;
    const left = saved ? `${saved.path} is from before that` : 'there was no checkpoint yet';
    const what = `Stopped after ${describe(position)}: ${error.message}`;
    throw new NotFiniteError(`${what} In ${out}, ${left}.`);
  }
  const path = writeGenerator(out, generatorFile());
  progress.say(`Trained ${counted(position.epoch, 'epoch')}; the generator is in ${path}.`);
  return true;
}

function afterStep(
  position: Position,
  { discriminatorLoss, generatorLoss }: Losses,
  { stepMs, elapsedS }: { stepMs: number; elapsedS: number },
): Position {
  return {
    epoch: position.epoch,
    step: position.step + 1,
    discriminatorLossSum: position.discriminatorLossSum + discriminatorLoss,
    generatorLossSum: position.generatorLossSum + generatorLoss,
    stepMsSum: position.stepMsSum + stepMs,
    elapsedS: position.elapsedS + elapsedS,
  };
}

/** Writes the line of an epoch whose steps are all done. */
function writeMetrics(out: string, position: Position, stepsPerEpoch: number): void {
  const epoch = position.epoch + 1;
  appendMetrics(out, {
    epoch,
    step: epoch * stepsPerEpoch,
    discriminatorLoss: position.discriminatorLossSum / stepsPerEpoch,
    generatorLoss: position.generatorLossSum / stepsPerEpoch,
    stepMs: Number((position.stepMsSum / stepsPerEpoch).toFixed(3)),
    elapsedS: Number(position.elapsedS.toFixed(3)),
  });
}

function statusOf({ epochs, stepsPerEpoch }: Settings, position: Position): Status {
  return {
    epoch: position.epoch + 1,
    epochs,
    step: position.step,
    stepsPerEpoch,
    discriminatorLoss: position.discriminatorLossSum / position.step,
    generatorLoss: position.generatorLossSum / position.step,
  };
}

function describe({ epoch, step: steps }: Position): string {
  return `${counted(epoch, 'epoch')} and ${counted(steps, 'step')}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
