/**
 * The loop of a run: epochs, metrics, pictures, snapshots, checkpoints.
 *
 * A run's folder holds config.json, metrics.jsonl, samples/, snapshots/, checkpoints/ and, at the
 * end, generator.safetensors. It knows nothing of command lines or of how a terminal looks.
 */
import { appendFileSync, existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';

import * as tf from '@tensorflow/tfjs';

import { grid } from '../src/image/grid.ts';
import { encodePng } from '../src/image/png.ts';
import { Random } from '../src/sampler/random.ts';
import { writeAtomically } from './atomic.ts';
import {
  type Checkpoint,
  type Damage,
  type Position,
  newestCheckpoint,
  restoreTrainer,
  saveCheckpoint,
} from './checkpoint.ts';
import type { Dataset } from './dataset.ts';
import { Failure, reasonOf } from './failure.ts';
import { type Gan, type Sizes, buildGan, call, recipeSizes, summaries } from './gan.ts';
import { serializeGenerator } from './generator-file.ts';
import type { Progress } from './progress.ts';
import { ADAM_BETA2, ADAM_EPSILON, IMAGE_SIZE, type Settings, recipeOf } from './recipe.ts';
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
  /** The widths of the recipe, unless a test wants small ones. */
  sizes?: Sizes;
  progress: Progress;
  /** True as soon as the run shall save and stop. */
  interrupted: () => boolean;
}

/** A run's folder, as far as going on needs it. */
export interface ExistingRun {
  settings: Settings;
  checkpoint: Checkpoint | undefined;
  damaged: Damage[];
}

/** What config.json holds. */
type Config = Settings & { dataset: Pick<Dataset, 'name' | 'count' | 'sha256'> };

const START: Position = {
  epoch: 0,
  step: 0,
  discriminatorLossSum: 0,
  generatorLossSum: 0,
  stepMsSum: 0,
  elapsedS: 0,
};

/** Pictures in a row of the grid, and in a column. */
const GRID_SIDE = 10;

/** @throws Failure where the folder holds anything: a run that exists is not touched. */
export function requireNoRun(out: string): void {
  if (!existsSync(out) || readdirSync(out).length === 0) return;
  throw new Failure(
    existsSync(join(out, 'config.json'))
      ? `${out}: found a run; go on with it by --resume, or choose another folder by --out DIR.`
      : `${out}: found a folder that is not empty; choose another one by --out DIR.`,
  );
}

/** Reads what {@link train} left there. @throws Failure where there is nothing to go on from. */
export function openRun(out: string): ExistingRun {
  const config = join(out, 'config.json');
  if (!existsSync(config)) {
    throw new Failure(`${out}: found no run to resume; leave out --resume to start one.`);
  }
  const { checkpoint, damaged } = newestCheckpoint(join(out, 'checkpoints'));
  if (checkpoint !== undefined) return { settings: checkpoint.settings, checkpoint, damaged };
  if (damaged.length > 0) {
    throw new Failure(
      `${damaged[0].path}: found it damaged (${damaged[0].reason}), and no older checkpoint that is whole.`,
    );
  }
  try {
    // Stopped before its first checkpoint: it starts over.
    const { dataset: _, ...settings } = JSON.parse(readFileSync(config, 'utf8')) as Config;
    return { settings, checkpoint, damaged };
  } catch (error) {
    throw new Failure(`${config}: found no settings in it (${reasonOf(error)}).`);
  }
}

/** Networks and optimizers at the very start of a run. */
export function createTrainer(
  settings: Settings,
  random: Random,
  makeAdam: MakeAdam,
  sizes: Sizes = recipeSizes(settings.latentSize),
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

  writeConfig(settings, dataset);
  cutMetrics(out, position.epoch);
  let saved = checkpoint && { path: checkpoint.path, ...checkpoint.position };
  const save = async (): Promise<void> => {
    const state = { settings, datasetSha256: dataset.sha256, position };
    const folder = join(out, 'checkpoints');
    const path = await saveCheckpoint(folder, trainer, {
      ...state,
      randomState: [...random.state],
    });
    saved = { path, ...position };
  };

  try {
    let tensors: number | undefined;
    while (position.epoch < epochs) {
      while (position.step < stepsPerEpoch) {
        await breathe(); // so that Ctrl-C is heard
        if (run.interrupted()) {
          if (saved?.epoch !== position.epoch || saved.step !== position.step) await save();
          progress.say(stoppedLine(settings, position, saved?.path));
          return false;
        }
        advance(trainer, dataset, settings, random, position);
        progress.stepped(statusOf(settings, position));
        tensors ??= tf.memory().numTensors;
        if (tf.memory().numTensors !== tensors) {
          throw new Error(`tensors leak: ${tensors} became ${tf.memory().numTensors} in a step`);
        }
      }
      endEpoch(out, position, stepsPerEpoch);
      const { epoch } = position;
      if (epoch === 1 || epoch % settings.sampleEvery === 0) {
        writeSamples(out, epoch, pictures(trainer.gan, latents));
        const origin = { recipe: recipeOf(settings), epochs: epoch, dataset: dataset.name };
        const snapshot = serializeGenerator(trainer.gan.generator, origin);
        writeAtomically(join(out, 'snapshots', `${epochName(epoch)}.safetensors`), snapshot);
      }
      if (epoch % settings.checkpointEvery === 0 || epoch === epochs) await save();
    }
  } catch (error) {
    if (error instanceof NotFiniteError) throw withAdvice(error, settings, position, saved?.path);
    throw error;
  }
  const origin = { recipe: recipeOf(settings), epochs: position.epoch, dataset: dataset.name };
  const path = join(out, 'generator.safetensors');
  writeAtomically(path, serializeGenerator(trainer.gan.generator, origin));
  progress.say(`Trained ${position.epoch} epochs; the generator is in ${path}.`);
  return true;
}

/** One step, added up. */
function advance(
  trainer: Trainer,
  dataset: Dataset,
  settings: Settings,
  random: Random,
  position: Position,
): void {
  const startMs = performance.now();
  const losses = step(trainer, dataset, settings, random);
  const stepMs = performance.now() - startMs;
  position.step += 1;
  position.discriminatorLossSum += losses.discriminatorLoss;
  position.generatorLossSum += losses.generatorLoss;
  position.stepMsSum += stepMs;
  position.elapsedS += stepMs / 1000;
}

/** Writes the epoch's line of metrics and moves to the next epoch's start. */
function endEpoch(out: string, position: Position, stepsPerEpoch: number): void {
  const metrics = {
    epoch: position.epoch + 1,
    step: (position.epoch + 1) * stepsPerEpoch,
    discriminatorLoss: position.discriminatorLossSum / stepsPerEpoch,
    generatorLoss: position.generatorLossSum / stepsPerEpoch,
    stepMs: Number((position.stepMsSum / stepsPerEpoch).toFixed(3)),
    elapsedS: Number(position.elapsedS.toFixed(3)),
  };
  appendFileSync(join(out, 'metrics.jsonl'), `${JSON.stringify(metrics)}\n`);
  const { elapsedS } = position;
  Object.assign(position, START, { epoch: metrics.epoch, elapsedS });
}

/** Keeps the lines of the first so many epochs. */
function cutMetrics(out: string, epochs: number): void {
  const path = join(out, 'metrics.jsonl');
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
  const kept = lines.slice(0, epochs).map((line) => `${line}\n`);
  writeAtomically(path, kept.join(''));
}

function writeConfig(settings: Settings, { name, count, sha256 }: Dataset): void {
  const config: Config = { ...settings, dataset: { name, count, sha256 } };
  writeAtomically(join(settings.out, 'config.json'), `${JSON.stringify(config, undefined, 2)}\n`);
}

function epochName(epoch: number): string {
  return `epoch-${String(epoch).padStart(4, '0')}`;
}

/** The same 100 latents at every epoch, so that one can watch a digit form. */
function pictureLatents({ seed, latentSize }: Settings): Float32Array {
  return drawLatents(Random.fromString(`pictures ${seed}`), GRID_SIDE * GRID_SIDE, latentSize);
}

/** What the generator makes of these latents, in grey levels: (count, 784) as pictures. */
function pictures({ generator }: Gan, latents: Float32Array): Uint8Array[] {
  const count = GRID_SIDE * GRID_SIDE;
  const pixels = tf.tidy(() => {
    const batch = tf.tensor2d(latents, [count, latents.length / count]);
    return call(generator, batch, { training: false }).dataSync();
  });
  const grey = Uint8Array.from(pixels, (value) => Math.round((value + 1) * 127.5));
  return Array.from({ length: count }, (_, i) =>
    grey.subarray(i * IMAGE_SIZE, (i + 1) * IMAGE_SIZE),
  );
}

function writeSamples(out: string, epoch: number, digits: readonly Uint8Array[]): void {
  const png = encodePng(grid(digits, GRID_SIDE));
  writeAtomically(join(out, 'samples', `${epochName(epoch)}.png`), png);
}

function statusOf(
  { epochs, stepsPerEpoch }: Settings,
  { epoch, step: done, discriminatorLossSum, generatorLossSum }: Position,
): Parameters<Progress['stepped']>[0] {
  return {
    epoch: epoch + 1,
    epochs,
    step: done,
    stepsPerEpoch,
    discriminatorLoss: discriminatorLossSum / done,
    generatorLoss: generatorLossSum / done,
  };
}

function stoppedLine(settings: Settings, { epoch, step: done }: Position, path?: string): string {
  const where = `Stopped after ${epoch} epochs and ${done} steps`;
  return `${where}; saved ${path}. To go on: npm run train:wasm -- --out ${settings.out} --resume`;
}

function withAdvice(
  { message }: NotFiniteError,
  settings: Settings,
  { epoch, step: done }: Position,
  path: string | undefined,
): NotFiniteError {
  const where = `Stopped in epoch ${epoch + 1} after ${done} whole steps`;
  const left = path === undefined ? 'there was no checkpoint yet' : `${path} is from before that`;
  const advice = 'Lower learning rates (--generator-lr, --discriminator-lr) in a new run may help.';
  return new NotFiniteError(`${where}: ${message} In ${settings.out}, ${left}. ${advice}`);
}
