/**
 * The step of the recipe: one update of each network, and of the running average, if there is one.
 *
 * A step draws from its Random in this order: latents (then their classes, if conditional) and indices
 * of real images, the two dropout masks of the discriminator's update, fresh latents (and classes), the
 * two masks of the generator's update. Not here: loops, files and progress (loop.ts).
 */

import * as tf from '@tensorflow/tfjs';

import type { Random } from '../../src/sampler/random.ts';
import { call, oneHot, variablesOf } from '../backend/index.ts';
import { batchOf, labelsOf } from '../data/batches.ts';
import { type Dataset, requireLabels } from '../data/dataset.ts';
import { type Gan, join } from './networks.ts';
import { NotFiniteError } from './not-finite.ts';
import type { Recipe } from './recipe.ts';
import { type Trainer, updateAverage } from './trainer.ts';

/** The part of the recipe that a step needs. */
export type StepSettings = Pick<
  Recipe,
  'batchSize' | 'latentSize' | 'labelSmoothing' | 'conditional'
>;

/** What a batch of images is generated from. */
export interface Latents {
  /** (batch, latentSize) */
  readonly vectors: tf.Tensor2D;
  /** (batch, classes), one-hot, if the networks are conditional. */
  readonly labels?: tf.Tensor2D | undefined;
}

/** Real images and, if the networks are conditional, their classes. */
export interface RealImages {
  /** (batch, pixels) */
  readonly images: tf.Tensor2D;
  /** (batch, classes), one-hot */
  readonly labels?: tf.Tensor2D | undefined;
}

/** Binary cross-entropies, means over the batch. */
export interface Losses {
  readonly discriminatorLoss: number;
  readonly generatorLoss: number;
}

/** What a step tells. */
export interface StepResult extends Losses {
  /** Mean outputs of the discriminator before its update: on real images, D(x), and on generated ones, D(G(z)). */
  readonly discriminatorReal: number;
  readonly discriminatorGenerated: number;
}

/** The discriminator's target for generated images; that for real ones is smoothed. */
const GENERATED_TARGET = 0;
/** The generator's target: it wants its images to be taken for real ones. */
const REAL_TARGET = 1;

/**
 * One step: the discriminator trains once on real and generated images together, then the
 * generator trains once through the discriminator, which stays as it is.
 * @throws NotFiniteError
 */
export function step(
  trainer: Trainer,
  dataset: Dataset,
  settings: StepSettings,
  random: Random,
): StepResult {
  const { gan, generatorOptimizer, discriminatorOptimizer } = trainer;
  const { batchSize, latentSize, labelSmoothing, conditional } = settings;
  const classes = dataset.classes.length;
  const latents = (): Latents => ({
    vectors: tf.tensor2d(drawLatents(random, batchSize, latentSize), [batchSize, latentSize]),
    labels: conditional ? oneHot(drawClasses(random, batchSize, classes), classes) : undefined,
  });
  const real = (): RealImages => {
    const indices = drawIndices(random, batchSize, dataset.count);
    return {
      images: tf.tensor2d(batchOf(dataset, indices), [
        batchSize,
        dataset.images.length / dataset.count,
      ]),
      labels: conditional
        ? oneHot(labelsOf(requireLabels(dataset, 'conditional networks'), indices), classes)
        : undefined,
    };
  };
  const [discriminatorLoss, generatorLoss, discriminatorReal, discriminatorGenerated] = tf.tidy(
    () => {
      const batch = { latents: latents(), real: real(), labelSmoothing };
      const update = trainDiscriminator(gan, discriminatorOptimizer, batch, random);
      const loss = trainGenerator(gan, generatorOptimizer, latents(), random);
      updateAverage(trainer);
      // Read once, at the end: reading waits for whatever is still computing.
      const results = [update.loss, loss, update.onReal, update.onGenerated];
      return results.map((scalar) => scalar.dataSync()[0]);
    },
  );
  if (!Number.isFinite(discriminatorLoss) || !Number.isFinite(generatorLoss)) {
    throw new NotFiniteError(
      `The losses became ${discriminatorLoss} (discriminator) and ${generatorLoss} (generator).`,
    );
  }
  return { discriminatorLoss, generatorLoss, discriminatorReal, discriminatorGenerated };
}

/** What the discriminator's update tells, all from before it. */
export interface DiscriminatorUpdate {
  readonly loss: tf.Scalar;
  /** Its mean outputs on real and on generated images, with dropout as in training. */
  readonly onReal: tf.Scalar;
  readonly onGenerated: tf.Scalar;
}

/** Updates the discriminator alone. */
export function trainDiscriminator(
  { generator, discriminator }: Gan,
  optimizer: tf.Optimizer,
  batch: { real: RealImages; latents: Latents; labelSmoothing: number },
  random: Random,
): DiscriminatorUpdate {
  const { real, latents, labelSmoothing } = batch;
  return tf.tidy(() => {
    const generated = call(generator, join(latents.vectors, latents.labels), { training: false });
    // (2 · batch, pixels + classes)
    const images = tf.concat([join(real.images, real.labels), join(generated, latents.labels)]);
    const targets = tf.concat([
      filled(real.images.shape[0], labelSmoothing),
      filled(generated.shape[0], GENERATED_TARGET),
    ]);
    const kept: tf.Tensor2D[] = [];
    const loss = minimize(optimizer, variablesOf(discriminator), () => {
      const outputs = call(discriminator, images, { training: true, random });
      kept.push(tf.keep(outputs));
      return binaryCrossEntropy(targets, outputs);
    });
    const [onReal, onGenerated] = tf
      .split(kept[0], [real.images.shape[0], generated.shape[0]])
      .map((outputs): tf.Scalar => tf.mean(outputs));
    tf.dispose(kept);
    return { loss, onReal, onGenerated };
  });
}

/** Updates the generator alone, through the discriminator, and returns its loss before the update. */
export function trainGenerator(
  { generator, combined }: Gan,
  optimizer: tf.Optimizer,
  { vectors, labels }: Latents,
  random: Random,
): tf.Scalar {
  return tf.tidy(() => {
    const targets = filled(vectors.shape[0], REAL_TARGET);
    const inputs = labels === undefined ? vectors : [join(vectors, labels), labels];
    return minimize(optimizer, variablesOf(generator), () =>
      binaryCrossEntropy(targets, call(combined, inputs, { training: true, random })),
    );
  });
}

/** The same target for a whole batch: (count, 1). */
function filled(count: number, target: number): tf.Tensor2D {
  return tf.tensor2d(new Float32Array(count).fill(target), [count, 1]);
}

function minimize(
  optimizer: tf.Optimizer,
  variables: tf.Variable[],
  loss: () => tf.Scalar,
): tf.Scalar {
  return optimizer.minimize(loss, true, variables) as tf.Scalar;
}

/** −mean(t · ln(p + ε) + (1 − t) · ln(1 − p + ε)) with Keras's ε of 1e-7. */
export function binaryCrossEntropy(targets: tf.Tensor, probabilities: tf.Tensor): tf.Scalar {
  return tf.losses.logLoss(targets, probabilities, undefined, 1e-7);
}

/** Latent vectors: (count, size) numbers from N(0, 1). */
export function drawLatents(random: Random, count: number, size: number): Float32Array {
  const latents = new Float32Array(count * size);
  for (let i = 0; i < latents.length; i++) latents[i] = random.normal();
  return latents;
}

/** Classes, all equally likely. */
export function drawClasses(random: Random, count: number, classes: number): Uint8Array {
  return Uint8Array.from(drawIndices(random, count, classes));
}

/** Indices with replacement. */
export function drawIndices(random: Random, batchSize: number, count: number): Uint32Array {
  return Uint32Array.from({ length: batchSize }, () => random.below(count));
}
