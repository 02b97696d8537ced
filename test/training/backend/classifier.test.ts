/** The backend on its own: a short program in plain tfjs that learns to classify MNIST. */

import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';

import { FusedAdam, startBackend } from '../../../training/backend/index.ts';
import { batchOf } from '../../../training/data/batches.ts';
import { readDataset } from '../../../training/data/dataset.ts';

const TRAINING_IMAGES = 20_000;

/** The first `count` images and labels of a split. */
function load(
  split: 'train' | 't10k',
  count: number,
): { images: tf.Tensor2D; labels: tf.Tensor2D } {
  const dataset = readDataset(null, split);
  const indices = Uint32Array.from({ length: count }, (_, index) => index);
  return tf.tidy(() => ({
    images: tf.tensor2d(batchOf(dataset, indices), [count, 784]),
    labels: tf.oneHot(Array.from(dataset.labels!.subarray(0, count)), 10).toFloat() as tf.Tensor2D,
  }));
}

function seeded(seed: number): ReturnType<typeof tf.initializers.glorotUniform> {
  return tf.initializers.glorotUniform({ seed });
}

test('tfjs trains a classifier of MNIST on it, with layers and an optimizer of either', async () => {
  const backend = await startBackend({ threads: 2, relaxedSimd: true });
  const train = load('train', TRAINING_IMAGES);
  const held = load('t10k', 2_000);
  for (const optimizer of [new FusedAdam(1e-3, 0.9, 0.999, 1e-7), tf.train.adam(1e-3)]) {
    const model = tf.sequential({
      layers: [
        tf.layers.dense({
          units: 128,
          inputShape: [784],
          activation: 'relu',
          kernelInitializer: seeded(1),
        }),
        tf.layers.dense({ units: 10, activation: 'softmax', kernelInitializer: seeded(2) }),
      ],
    });
    model.compile({ optimizer, loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
    await model.fit(train.images, train.labels, {
      epochs: 2,
      batchSize: 64,
      shuffle: false,
    });
    const [, accuracy] = model.evaluate(held.images, held.labels) as tf.Scalar[];
    expect(accuracy.dataSync()[0]).toBeGreaterThan(0.85);
  }
  await backend.stop();
});
