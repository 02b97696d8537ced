/**
 * The loop of a run: steps, epochs, when to write what, and stopping.
 * It knows nothing of command lines or of how a terminal looks.
 */

import { setImmediate as breathe } from 'node:timers/promises';

import * as tf from '@tensorflow/tfjs';

import { CLASSES } from '../../src/digit.ts';
import { Random } from '../../src/sampler/random.ts';
import { call, oneHot } from '../backend/index.ts';
import type { Progress, Status } from '../cli/progress.ts';
import type { Dataset } from '../data/dataset.ts';
import { serializeGenerator } from '../quantization/float-file.ts';
import { greyLevels } from '../quantization/float-network.ts';
import { type Checkpoint, type Position, restoreTrainer, saveCheckpoint } from './checkpoint.ts';
import { type Gan, type Sizes, buildGan, join, recipeSizes, summaries } from './networks.ts';
import { ADAM_BETA2, ADAM_EPSILON, type Settings, recipeOf } from './recipe.ts';
import {
  type Computing,
  appendMetrics,
  checkpointsOf,
  cutMetrics,
  writeConfig,
  writeGenerator,
  writeSamples,
} from './run-folder.ts';
import { NotFiniteError, type Trainer, drawLatents, step } from './step.ts';

/** Makes an Adam that is bit-exact across getWeights and setWeights: the backend's FusedAdam. */
export type MakeAdam = (
  learningRate: number,
  beta1: number,
  beta2: number,
  epsilon: number,
) => tf.Optimizer;

/** What a run starts from. */
export interface Run {
  settings: Settings;
  dataset: Dataset;
  /** Where to go on from; undefined: from the beginning. */
  checkpoint: Checkpoint | undefined;
  makeAdam: MakeAdam;
  computing: Computing;
  /** The widths of the recipe, unless a test wants small ones. */
  sizes?: Sizes;
  progress: Progress;
  /** True as soon as the run shall save and stop. */
  interrupted: () => boolean;
}

const START: Position = {
  epoch: 0,
  step: 0,
  discriminatorLossSum: 0,
  generatorLossSum: 0,
  stepMsSum: 0,
  elapsedS: 0,
};

/** Digits in a picture of what the generator has learnt so far. */
const PICTURED_DIGITS = 100;

/** Networks and optimizers at the very start of a run. */
export function createTrainer(
  settings: Settings,
  random: Random,
  makeAdam: MakeAdam,
  sizes: Sizes = recipeSizes(settings),
): Trainer {
  const adam = (learningRate: number, beta1: number): tf.Optimizer =>
    makeAdam(learningRate, beta1, ADAM_BETA2, ADAM_EPSILON);
  return {
    gan: buildGan(sizes, random),
    generatorOptimizer: adam(settings.generatorLearningRate, settings.generatorBeta1),
    discriminatorOptimizer: adam(settings.discriminatorLearningRate, settings.discriminatorBeta1),
  };
}

/**
 * Trains to the last epoch, or until interrupted.
 * @throws NotFiniteError the newest checkpoint is from before the fault
 * @returns true where it is done
 */
export async function train(run: Run): Promise<boolean> {
  const { settings, dataset, checkpoint, progress } = run;
  const { out, epochs, stepsPerEpoch } = settings;
  const start = Random.fromString(`training ${settings.seed}`);
  const trainer = createTrainer(settings, start, run.makeAdam, run.sizes);
  if (checkpoint !== undefined) await restoreTrainer(checkpoint, trainer);
  const random = checkpoint ? new Random(Uint32Array.from(checkpoint.randomState)) : start;
  const position = { ...(checkpoint?.position ?? START) };
  const latents = pictureLatents(settings);
  progress.say(summaries(trainer.gan));
  if (checkpoint !== undefined) progress.say(`Going on after ${describe(position)}.`);

  writeConfig(settings, dataset, run.computing);
  cutMetrics(out, position.epoch);
  let saved = checkpoint && { path: checkpoint.path, ...checkpoint.position };
  const save = async (): Promise<void> => {
    const state = { settings, datasetSha256: dataset.sha256, position };
    const path = await saveCheckpoint(checkpointsOf(out), trainer, {
      ...state,
      randomState: [...random.state],
    });
    saved = { path, ...position };
  };
  const generatorFile = (): Uint8Array =>
    serializeGenerator(trainer.gan.generator, {
      recipe: recipeOf(settings),
      epochs: position.epoch,
      dataset: dataset.name,
    });

  let markMs = performance.now();
  let tensors: number | undefined;
  try {
    while (position.epoch < epochs) {
      while (position.step < stepsPerEpoch) {
        await breathe(); // so that Ctrl-C is heard
        if (run.interrupted()) {
          if (saved?.epoch !== position.epoch || saved.step !== position.step) await save();
          progress.say(
            `Stopped after ${describe(position)}; saved ${saved?.path}. To go on: npm run train:wasm -- --out ${out} --resume`,
          );
          return false;
        }
        const startMs = performance.now();
        const losses = step(trainer, dataset, settings, random);
        const nowMs = performance.now();
        position.step += 1;
        position.discriminatorLossSum += losses.discriminatorLoss;
        position.generatorLossSum += losses.generatorLoss;
        position.stepMsSum += nowMs - startMs;
        position.elapsedS += (nowMs - markMs) / 1000;
        markMs = nowMs;
        progress.stepped(statusOf(settings, position));
        tensors ??= tf.memory().numTensors;
        if (tf.memory().numTensors !== tensors) {
          throw new Error(`tensors leak: ${tensors} became ${tf.memory().numTensors} in a step`);
        }
      }
      endEpoch(out, position, stepsPerEpoch);
      const { epoch } = position;
      if (epoch === 1 || epoch % settings.sampleEvery === 0) {
        const digits = pictures(trainer.gan, latents, settings.conditional);
        writeSamples(out, epoch, { digits, generator: generatorFile() });
      }
      if (epoch % settings.checkpointEvery === 0 || epoch === epochs) await save();
    }
  } catch (error) {
    if (error instanceof NotFiniteError) throw withAdvice(error, settings, position, saved?.path);
    throw error;
  }
  const path = writeGenerator(out, generatorFile());
  progress.say(`Trained ${counted(position.epoch, 'epoch')}; the generator is in ${path}.`);
  return true;
}

/** Writes the epoch's line of metrics and moves to the next epoch's start. */
function endEpoch(out: string, position: Position, stepsPerEpoch: number): void {
  const epoch = position.epoch + 1;
  appendMetrics(out, {
    epoch,
    step: epoch * stepsPerEpoch,
    discriminatorLoss: position.discriminatorLossSum / stepsPerEpoch,
    generatorLoss: position.generatorLossSum / stepsPerEpoch,
    stepMs: Number((position.stepMsSum / stepsPerEpoch).toFixed(3)),
    elapsedS: Number(position.elapsedS.toFixed(3)),
  });
  const { elapsedS } = position;
  Object.assign(position, START, { epoch, elapsedS });
}

/** The same latents at every epoch, so that one can watch a digit form. */
function pictureLatents({ seed, latentSize }: Settings): Float32Array {
  return drawLatents(Random.fromString(`pictures ${seed}`), PICTURED_DIGITS, latentSize);
}

/** What the generator makes of these latents, in grey levels; if told the class, 0 to 9 and so on. */
function pictures({ generator }: Gan, latents: Float32Array, conditional: boolean): Uint8Array[] {
  const pixels = tf.tidy(() => {
    const vectors = tf.tensor2d(latents, [PICTURED_DIGITS, latents.length / PICTURED_DIGITS]);
    const classes = Uint8Array.from({ length: PICTURED_DIGITS }, (_, i) => i % CLASSES);
    const batch = join(vectors, conditional ? oneHot(classes, CLASSES) : undefined);
    return call(generator, batch, { training: false }).dataSync();
  });
  const imageSize = pixels.length / PICTURED_DIGITS;
  return Array.from({ length: PICTURED_DIGITS }, (_, i) =>
    greyLevels(pixels.subarray(i * imageSize, (i + 1) * imageSize)),
  );
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

function withAdvice(
  { message }: NotFiniteError,
  { out }: Settings,
  position: Position,
  path: string | undefined,
): NotFiniteError {
  const left = path === undefined ? 'there was no checkpoint yet' : `${path} is from before that`;
  return new NotFiniteError(
    `Stopped after ${describe(position)}: ${message} In ${out}, ${left}. Lower learning rates (--generator-lr, --discriminator-lr) in a new run may help.`,
  );
}
