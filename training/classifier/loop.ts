/** The training of the classifier: epochs of shuffled images → the file of its float network. */

import type * as tf from '@tensorflow/tfjs';

import { Random } from '../../src/sampler/random.ts';
import { FusedAdam, denseWeightsOf } from '../backend/index.ts';
import type { Dataset, LabelledDataset } from '../data/dataset.ts';
import { shuffle } from '../data/shuffle.ts';
import { dataMetadata } from '../quantization/data-origin.ts';
import { serializeNetwork } from '../quantization/float-file.ts';
import { buildClassifier } from './networks.ts';
import {
  ADAM_BETA1,
  BATCH_SIZE,
  type ClassifierSettings,
  LEAKY_RELU_SLOPE,
  LEARNING_RATES,
} from './recipe.ts';
import { step } from './step.ts';

/** The steps of a whole training. */
export function totalSteps({ count }: Dataset, { epochs }: ClassifierSettings): number {
  return epochs * stepsPerEpoch(count);
}

/**
 * Trains the classifier and returns its float file.
 * @param stepped called after each step with the number of steps done
 * @throws Failure if the loss is no longer a finite number
 */
export function trainClassifier(
  dataset: LabelledDataset,
  settings: ClassifierSettings,
  stepped: (done: number) => void,
): Uint8Array {
  const { epochs, seed } = settings;
  const model = learn(dataset, settings, stepped);
  const kind = 'classifier';
  const network = {
    kind,
    layers: denseWeightsOf(model),
    leakyReluSlope: LEAKY_RELU_SLOPE,
  } as const;
  return serializeNetwork(network, {
    recipe: JSON.stringify({ epochs, batchSize: BATCH_SIZE, seed }),
    epochs: String(epochs),
    seed: String(seed),
    ...dataMetadata(dataset),
  });
}

/** Shows every image once an epoch, in a new order each time. */
function learn(
  dataset: LabelledDataset,
  { epochs, seed }: ClassifierSettings,
  stepped: (done: number) => void,
): tf.Sequential {
  const random = Random.fromString(`classifier ${seed}`);
  const model = buildClassifier(dataset, random);
  const steps = stepsPerEpoch(dataset.count);
  const order = Uint32Array.from({ length: dataset.count }, (_, index) => index);
  for (const [third, rate] of LEARNING_RATES.entries()) {
    const [from, to] = [third, third + 1].map((n) => Math.round((n * epochs) / 3));
    const optimizer = new FusedAdam(rate, ADAM_BETA1);
    for (let epoch = from; epoch < to; epoch++) {
      shuffle(order, random);
      for (let n = 0; n < steps; n++) {
        const indices = order.subarray(n * BATCH_SIZE, (n + 1) * BATCH_SIZE);
        step(model, optimizer, dataset, indices, random);
        stepped(epoch * steps + n + 1);
      }
    }
    optimizer.dispose();
  }
  return model;
}

function stepsPerEpoch(images: number): number {
  return Math.ceil(images / BATCH_SIZE);
}
