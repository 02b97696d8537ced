/**
 * The loop of a run: steps, epochs, when to write what, and stopping.
 * It knows files, but neither command lines nor how a terminal looks.
 */

import { setImmediate as breathe } from 'node:timers/promises';

import * as tf from '@tensorflow/tfjs';

import { Random } from '../../src/sampler/random.ts';
import { writeAtomically } from '../cli/files.ts';
import type { Progress } from '../cli/progress.ts';
import type { Dataset } from '../data/dataset.ts';
import { FloatFileError } from '../quantization/float-file.ts';
import { CheckpointWriter } from './checkpoint-writer.ts';
import type { Checkpoint } from './checkpoint.ts';
import { createGallery } from './gallery.ts';
import { type Journal, openJournal } from './journal.ts';
import { bestOf, evaluatedIn } from './metrics.ts';
import { outlines, recipeSizes, summaries } from './networks.ts';
import { NotFiniteError } from './not-finite.ts';
import { START, afterStep, counted, describe, metricsOf, nextEpoch, statusOf } from './position.ts';
import type { Settings } from './recipe.ts';
import { type Computing, pathsOf, writeConfig } from './run-folder.ts';
import { type StartingWeights, startFrom } from './starting-weights.ts';
import { step } from './step.ts';
import { restoreTrainer } from './trainer-tensors.ts';
import { type TrainerOptions, createTrainer } from './trainer.ts';

/** What a run starts from. */
export interface Run extends Partial<TrainerOptions> {
  readonly settings: Settings;
  readonly dataset: Dataset;
  /** Where to go on from; undefined: from the beginning. */
  readonly checkpoint: Checkpoint | undefined;
  /** Weights to begin with, in place of initial ones. */
  readonly start?: StartingWeights | undefined;
  readonly computing: Computing;
  readonly progress: Progress;
  /** Whether to show the networks layer by layer. */
  readonly summary?: boolean;
  /** The Fréchet distance of the generator in a float file; needed if the settings ask for it. */
  readonly frechetOf?: ((generator: Uint8Array) => number) | undefined;
  /** True as soon as the run should save and stop. */
  readonly interrupted: () => boolean;
}

/**
 * Trains to the last epoch, or until interrupted.
 * @returns whether the last epoch was reached
 * @throws NotFiniteError if a loss or a weight is no longer a number; the newest checkpoint is from before that
 */
export async function train(run: Run): Promise<boolean> {
  const { settings, dataset, checkpoint, progress } = run;
  const { out, epochs, stepsPerEpoch } = settings;
  const start = Random.fromString(`training ${settings.seed}`);
  const sizes = recipeSizes(settings, dataset);
  const trainer = createTrainer(settings, start, { sizes, ...run });
  if (checkpoint !== undefined) await restoreTrainer(trainer, checkpoint);
  else if (run.start !== undefined) startFrom(trainer, run.start);
  const random = checkpoint ? new Random(Uint32Array.from(checkpoint.randomState)) : start;
  let position = checkpoint?.position ?? START;
  progress.say((run.summary ? summaries : outlines)(trainer.gan));
  if (checkpoint !== undefined) progress.say(`Going on after ${describe(position)}.`);

  writeConfig(settings, dataset, run.computing);
  const gallery = createGallery(trainer, run);
  const journal = openJournal(settings, dataset, position.epoch);
  const from = checkpoint && { path: checkpoint.path, position };
  const checkpoints = new CheckpointWriter(pathsOf(out).checkpoints, trainer, from);
  const save = (): Promise<void> => {
    const randomState = [...random.state];
    return checkpoints.save({ settings, datasetSha256: dataset.sha256, position, randomState });
  };
  let markMs = performance.now();
  let tensors: number | undefined;
  try {
    // So that a run that has begun always has one.
    if (checkpoint === undefined) await save();
    while (position.epoch < epochs) {
      await breathe(); // so that Ctrl-C is heard
      checkpoints.check();
      if (run.interrupted()) {
        await checkpoints.settle();
        if (checkpoints.saved?.position !== position) await save();
        const isWithin = position.step > 0;
        if (isWithin || (position.epoch > 0 && !gallery.hasPreview(position))) {
          gallery.preview(position);
        }
        journal.report();
        await checkpoints.settle();
        progress.say(`Stopped after ${describe(position)}; saved ${checkpoints.saved?.path}.`);
        return false;
      }
      const startMs = performance.now();
      const result = step(trainer, dataset, settings, random);
      const nowMs = performance.now();
      const times = { stepMs: nowMs - startMs, elapsedS: (nowMs - markMs) / 1000 };
      position = afterStep(position, result, times);
      markMs = nowMs;
      const newest = evaluatedIn(journal.metrics).at(-1)?.frechet;
      progress.stepped(statusOf(settings, position, newest));
      tensors ??= tf.memory().numTensors;
      if (tf.memory().numTensors !== tensors) {
        throw new Error(`tensors leak: ${tensors} became ${tf.memory().numTensors} in a step`);
      }
      if (position.step < stepsPerEpoch) continue;

      const metrics = metricsOf(position, stepsPerEpoch);
      position = nextEpoch(position);
      const { epoch } = position;
      const isLast = epoch === epochs;
      const isDue = (every: number): boolean => isLast || epoch % every === 0;
      const isEvaluated = settings.evaluateEvery > 0 && isDue(settings.evaluateEvery);
      const frechet = isEvaluated ? evaluate(run, journal, gallery.file(position)) : undefined;
      // Whatever the metrics tell, there is a checkpoint from before it.
      if (checkpoints.saved === undefined) await checkpoints.settle();
      journal.add(frechet === undefined ? metrics : { ...metrics, frechet });
      // If the run was stopped in this epoch, it has a preview of the steps until then.
      const isShown = epoch === 1 || isDue(settings.sampleEvery) || gallery.hasPreview(position);
      if (isShown) gallery.preview(position);
      journal.report();
      if (isDue(settings.checkpointEvery)) await save();
    }
    await checkpoints.settle();
  } catch (error) {
    if (!(error instanceof NotFiniteError)) throw error;
    await checkpoints.stop();
    const { saved } = checkpoints;
    const left = saved ? `${saved.path} is from before that` : 'there was no checkpoint yet';
    const what = `Stopped after ${describe(position)}: ${error.message}`;
    throw new NotFiniteError(`${what} In ${out}, ${left}.`);
  } finally {
    await checkpoints.stop();
  }
  const { generator, previews, report, best } = pathsOf(out);
  writeAtomically(generator, gallery.file(position));
  if (!gallery.hasPreview(position)) gallery.preview(position);
  journal.report();
  const trained = `Trained ${counted(position.epoch, 'epoch')}`;
  progress.say(
    `${trained}: pictures are in ${previews}, curves in ${report}, the generator in ${generator}.`,
  );
  const least = bestOf(journal.metrics);
  if (least !== undefined) {
    const distance = `${least.frechet.toFixed(2)} after epoch ${least.epoch}`;
    progress.say(`The smallest Fréchet distance was ${distance}; that generator is in ${best}.`);
  }
  return true;
}

/**
 * The Fréchet distance of the generator in this file, which is kept if it is the best so far.
 * @throws NotFiniteError if a weight is no longer a number
 */
function evaluate(
  { settings, frechetOf, progress }: Run,
  { metrics }: Journal,
  file: Uint8Array,
): number | undefined {
  try {
    const frechet = frechetOf?.(file);
    const best = bestOf(metrics)?.frechet ?? Number.POSITIVE_INFINITY;
    if (frechet !== undefined && frechet < best) writeAtomically(pathsOf(settings.out).best, file);
    return frechet;
  } catch (error) {
    const isNotFinite = error instanceof FloatFileError && error.code === 'NotFinite';
    throw isNotFinite ? new NotFiniteError(`${error.message}.`) : error;
  } finally {
    progress.paused();
  }
}
