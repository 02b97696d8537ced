/** The training of the feature network. */

import * as tf from '@tensorflow/tfjs';

import type { Random } from '../../src/sampler/random.ts';
import { FusedAdam, oneHot } from '../backend/index.ts';
import { Failure } from '../cli/failure.ts';
import { labelsOf } from '../data/batches.ts';
import type { LabelledDataset } from '../data/dataset.ts';
import { shuffle } from '../data/shuffle.ts';
import {
  type FeatureNetwork,
  buildFeatureNetwork,
  runFeatureNetwork,
  tensorOf,
  variablesOf,
} from './network.ts';
import { type Shift, patchesOf } from './patches.ts';
import { ADAM_BETA1, BATCH_SIZE, EPOCHS, LEARNING_RATES, MAX_SHIFT, MIN_STEPS } from './recipe.ts';

/** The steps that it takes to learn from a number of images. */
export function stepsFor(images: number): number {
  return Math.max(MIN_STEPS, EPOCHS * Math.ceil(images / BATCH_SIZE));
}

/**
 * A network that has learned the classes of these images.
 * @param indices of the images to learn from
 * @param stepped called after each step with the number of steps done
 * @throws Failure where the loss is no longer a finite number
 */
export function learnFeatures(
  dataset: LabelledDataset,
  indices: Uint32Array,
  random: Random,
  stepped: (done: number) => void,
): FeatureNetwork {
  const classes = dataset.classes.length;
  const network = buildFeatureNetwork(dataset, classes, random);
  const order = indices.slice();
  const steps = stepsFor(order.length);
  const drawShift = (): Shift => ({ right: drawMove(random), down: drawMove(random) });
  let [done, next] = [0, order.length];
  for (const [third, rate] of LEARNING_RATES.entries()) {
    const optimizer = new FusedAdam(rate, ADAM_BETA1);
    const end = Math.round(((third + 1) * steps) / LEARNING_RATES.length);
    while (done < end) {
      if (next >= order.length) {
        shuffle(order, random);
        next = 0;
      }
      const batch = order.subarray(next, next + BATCH_SIZE);
      next += batch.length;
      step(network, optimizer, {
        patches: patchesOf(dataset.images, dataset, batch, drawShift),
        labels: labelsOf(dataset, batch),
        classes,
      });
      stepped(++done);
    }
    optimizer.dispose();
  }
  return network;
}

interface Batch {
  readonly patches: Float32Array;
  readonly labels: Uint8Array;
  readonly classes: number;
}

function step(
  network: FeatureNetwork,
  optimizer: tf.Optimizer,
  { patches, labels, classes }: Batch,
): void {
  const loss = tf.tidy(() => {
    const [inputs, targets] = [tensorOf(patches), oneHot(labels, classes)];
    const crossEntropy = (): tf.Scalar =>
      tf.losses.softmaxCrossEntropy(targets, runFeatureNetwork(network, inputs).logits);
    return optimizer.minimize(crossEntropy, true, variablesOf(network))?.dataSync()[0];
  });
  if (loss === undefined || !Number.isFinite(loss)) {
    throw new Failure(`The loss of the feature network became ${loss}.`);
  }
}

/** −MAX_SHIFT … MAX_SHIFT */
function drawMove(random: Random): number {
  return random.below(2 * MAX_SHIFT + 1) - MAX_SHIFT;
}
