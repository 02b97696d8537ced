/**
 * A training step of an ordinary classifier of MNIST through tfjs's layers API, for the figures in docs/backend.md:
 * `npx node test/bench/classifier.ts stock|backend|fused [threads] [steps]` prints the median and the minimum, in
 * milliseconds. `stock` is tfjs's WASM backend as it comes, on one thread; `backend` is ours, with tfjs's own Adam;
 * `fused` is ours with FusedAdam.
 */

import * as tf from '@tensorflow/tfjs';

import { locateTfjsFiles } from '../../training/backend/fallback.ts';
import { FusedAdam, startBackend } from '../../training/backend/index.ts';
import { batchOf } from '../../training/data/batches.ts';
import { requireLabels } from '../../training/data/dataset.ts';
import { readDataset } from '../../training/data/read.ts';
import { median } from './statistics.ts';

const BATCH = 128;
const CLASSES = 10;
const RATE = 1e-3;
/** Steps before times count, while the engine compiles and caches fill. */
const WARM_UP_STEPS = 10;

const [side = 'backend', threads = '1', steps = '50'] = process.argv.slice(2);
if (side === 'stock') {
  locateTfjsFiles();
  await tf.setBackend('wasm');
} else {
  await startBackend({ threads: Number(threads), relaxedSimd: true });
}

const dataset = requireLabels(await readDataset(), 'the benchmark');
const { dense } = tf.layers;
const model = tf.sequential({
  layers: [
    dense({ units: 512, activation: 'relu', inputShape: [784] }),
    dense({ units: 256, activation: 'relu' }),
    dense({ units: CLASSES, activation: 'softmax' }),
  ],
});
model.compile({
  optimizer: side === 'fused' ? new FusedAdam(RATE, 0.9) : tf.train.adam(RATE),
  loss: 'categoricalCrossentropy',
});

const timesMs: number[] = [];
for (let step = 0; step < WARM_UP_STEPS + Number(steps); step++) {
  const indices = Uint32Array.from({ length: BATCH }, (_, i) => step * BATCH + i);
  const labels = Array.from(indices, (index) => dataset.labels[index]);
  const images = tf.tensor2d(batchOf(dataset, indices), [BATCH, 784]);
  const targets = tf.tidy(() => tf.oneHot(labels, CLASSES).toFloat());
  const startedMs = performance.now();
  await model.trainOnBatch(images, targets);
  if (step >= WARM_UP_STEPS) timesMs.push(performance.now() - startedMs);
  tf.dispose([images, targets]);
}
const [medianMs, minMs] = [median(timesMs), Math.min(...timesMs)].map((ms) => ms.toFixed(2));
process.stdout.write(`${JSON.stringify({ side, threads: Number(threads), medianMs, minMs })}\n`);
