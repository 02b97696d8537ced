/** The backend on its own: a short program in plain tfjs that learns to classify MNIST. */

import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';

import { FusedAdam, startBackend } from '../../../training/backend/index.ts';
import { batchOf } from '../../../training/data/batches.ts';
import type { Dataset } from '../../../training/data/dataset.ts';
import { DATA_DEFAULTS } from '../../../training/data/options.ts';
import { readBoth } from '../../../training/data/read.ts';

const TRAINING_IMAGES = 20_000;

/** The first `count` images and labels. */
function load(dataset: Dataset, count: number): { images: tf.Tensor2D; labels: tf.Tensor2D } {
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
  const data = await readBoth(DATA_DEFAULTS);
  const train = load(data.train, TRAINING_IMAGES);
  const held = load(data.test, 2_000);
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
