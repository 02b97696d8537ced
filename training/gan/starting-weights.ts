/**
 * Weights that a new run starts from: a generator's file and, where its run still has a checkpoint, the discriminator that
 * it learned against. Optimizers and averages begin anew. Not here: going on with a run (existing-run.ts).
 */

import { existsSync } from 'node:fs';
import { dirname } from 'node:path';

import * as tf from '@tensorflow/tfjs';
import * as v from 'valibot';

import { variablesOf } from '../backend/index.ts';
import { Failure, reasonOf } from '../cli/failure.ts';
import { readRegularFile } from '../cli/files.ts';
import { type FloatNetwork, parseNetwork } from '../quantization/float-file.ts';
import { type Checkpoint, newestCheckpoint } from './checkpoint.ts';
import type { Sizes } from './networks.ts';
import { pathsOf } from './run-folder.ts';
import { restoreWeights } from './trainer-tensors.ts';
import type { Trainer } from './trainer.ts';

export interface StartingWeights {
  readonly generator: FloatNetwork;
  /** A checkpoint whose discriminator is taken. */
  readonly checkpoint: Checkpoint | undefined;
}

/**
 * Reads what a run of these sizes starts from.
 * @throws Failure for a file that is no float generator, or one of other sizes
 */
export function readStartingWeights(path: string, sizes: Sizes): StartingWeights {
  let generator: FloatNetwork;
  try {
    generator = parseNetwork(readRegularFile(path));
  } catch (error) {
    throw new Failure(
      `${path}: ${reasonOf(error)}; --from takes a float generator, such as generator.safetensors of a run.`,
    );
  }
  const { latentSize, classes = 0, generatorUnits } = sizes;
  const [found, expected] = [
    describe(
      generator.classes,
      generator.layers.map(({ outputs }) => outputs),
      generator.layers[0].inputs,
    ),
    describe(classes, generatorUnits, latentSize + classes),
  ];
  if (found !== expected) {
    throw new Failure(
      `${path}: found a generator of ${found}, expected one of ${expected} for these data and flags.`,
    );
  }
  return { generator, checkpoint: checkpointBeside(path) };
}

function describe(classes: number, units: readonly number[], inputs: number): string {
  return `${[inputs, ...units].join(' → ')} with ${classes === 0 ? 'no' : classes} classes`;
}

/** Gives a new trainer these weights. @throws Failure for a discriminator of other sizes */
export function startFrom(
  { gan, average }: Trainer,
  { generator, checkpoint }: StartingWeights,
): void {
  for (const network of average ? [gan.generator, average.generator] : [gan.generator]) {
    assignGenerator(network, generator);
  }
  if (checkpoint !== undefined) restoreWeights(checkpoint, 'discriminator', gan.discriminator);
}

/** A file's first layer takes latents as they come; the one that learns takes them scaled. */
function assignGenerator(model: tf.Sequential, { layers, classes, metadata }: FloatNetwork): void {
  const scale = latentScaleOf(metadata);
  const variables = variablesOf(model);
  for (const [n, { inputs, outputs, weight, bias }] of layers.entries()) {
    const latents = n === 0 ? inputs - classes : 0;
    const unscaled = weight.map((w, i) => (i % inputs < latents ? w / scale : w));
    tf.tidy(() => {
      variables[2 * n].assign(tf.tensor2d(unscaled, [outputs, inputs]).transpose());
      variables[2 * n + 1].assign(tf.tensor1d(bias));
    });
  }
}

const RECIPE = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ latentScale: v.optional(v.pipe(v.number(), v.gtValue(0)), 1) }),
);

function latentScaleOf({ recipe }: FloatNetwork['metadata']): number {
  return v.parse(v.fallback(RECIPE, { latentScale: 1 }), recipe).latentScale;
}

/** The newest whole checkpoint of the run that a generator's file lies in. */
function checkpointBeside(path: string): Checkpoint | undefined {
  const folder = dirname(path);
  const isSnapshot = folder === dirname(pathsOf(dirname(folder)).snapshot(1));
  const { checkpoints } = pathsOf(isSnapshot ? dirname(folder) : folder);
  return existsSync(checkpoints) ? newestCheckpoint(checkpoints).checkpoint : undefined;
}
