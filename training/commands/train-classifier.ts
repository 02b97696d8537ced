/** `npm run train:classifier`: trains the classifier and writes its int8 weights. Arguments in, one call, exit code out. */

import { createHash } from 'node:crypto';

import type { Sequential } from '@tensorflow/tfjs';

import { CLASSES, DIGIT_PIXELS } from '../../src/digit.ts';
import { Random } from '../../src/sampler/random.ts';
import { PIXEL_FRACTION_BITS } from '../../src/sampler/sampler.ts';
import { FusedAdam, PoolError, startBackend } from '../backend/index.ts';
import { build } from '../bundle/build.ts';
import { loadEngine } from '../bundle/engine.ts';
import { SAMPLER_KERNEL, TRAINING_KERNELS } from '../bundle/kernels.ts';
import { accuracyOf, buildClassifier, classifierStep } from '../classifier/classifier.ts';
import { Failure, runCommand } from '../cli/failure.ts';
import { writeAtomically } from '../cli/files.ts';
import { type Flags, helpText, parseFlags, path, wholeNumber } from '../cli/flags.ts';
import { createCounter } from '../cli/progress.ts';
import { type Dataset, readDataset, requireClasses } from '../data/dataset.ts';
import { ADAM_BETA2, ADAM_EPSILON, trainFlags } from '../gan/recipe.ts';
import { parseNetwork, serializeNetwork } from '../quantization/float-file.ts';
import { quantize, serializeQuantized } from '../quantization/quantize.ts';

const USAGE = 'npm run train:classifier -- [flags]';
const ABOUT =
  "Trains the small classifier that labels the generator's digits, and writes it as int8.";
const BATCH_SIZE = 128;
const BETA1 = 0.9;
/** The rate of the first third of the epochs, of the second, of the last. */
const LEARNING_RATES = [1e-3, 3e-4, 1e-4] as const;
const CALIBRATION_IMAGES = 5000;

interface Values {
  epochs: number;
  seed: number;
  threads: number | 'auto';
  data: string | null;
  out: string;
}

const file = 'weights/classifier.safetensors';
const flags: Flags<Values> = {
  epochs: wholeNumber('epochs', 'passes over the data', 30, [1, 10_000]),
  seed: trainFlags.seed,
  threads: trainFlags.threads,
  data: trainFlags.data,
  out: path('out', 'FILE', 'where the int8 weights go', file, file),
};

await runCommand(async () => {
  const { values, help } = parseFlags(flags, process.argv.slice(2));
  if (help) {
    process.stdout.write(helpText(USAGE, ABOUT, flags));
    return 0;
  }
  const [train, test] = (['train', 't10k'] as const).map((split) => {
    const dataset = readDataset(values.data, split);
    requireClasses(dataset, CLASSES, 'the classifier');
    return dataset;
  });
  await build([SAMPLER_KERNEL, TRAINING_KERNELS]);
  const backend = await startBackend({ threads: values.threads, relaxedSimd: true });
  for (const note of backend.notes) process.stdout.write(`${note}\n`);
  try {
    const bytes = serializeNetwork(learn(train, values), 'classifier', {
      recipe: JSON.stringify({ epochs: values.epochs, batchSize: BATCH_SIZE, seed: values.seed }),
      epochs: String(values.epochs),
      seed: String(values.seed),
      dataset: train.name,
    });
    const { weights, accuracy } = quantizeClassifier(bytes, train, test);
    writeAtomically(values.out, weights);
    const percent = (accuracy * 100).toFixed(2);
    process.stdout.write(
      `${values.out}: as int8 it reads ${percent} % of ${test.count} test images right.\n`,
    );
    return 0;
  } catch (error) {
    throw error instanceof PoolError ? new Failure(`${error.message} Start it again.`) : error;
  } finally {
    await backend.stop();
  }
});

/** Every image once an epoch, in an order of its own each time. */
function learn(dataset: Dataset, { epochs, seed }: Values): Sequential {
  const random = Random.fromString(`classifier ${seed}`);
  const model = buildClassifier(random);
  const steps = Math.ceil(dataset.count / BATCH_SIZE);
  const progress = createCounter(process.stdout, { total: epochs * steps, name: 'steps' });
  const order = Uint32Array.from({ length: dataset.count }, (_, index) => index);
  for (const [third, rate] of LEARNING_RATES.entries()) {
    const [from, to] = [third, third + 1].map((n) => Math.round((n * epochs) / 3));
    const optimizer = new FusedAdam(rate, BETA1, ADAM_BETA2, ADAM_EPSILON);
    for (let epoch = from; epoch < to; epoch++) {
      shuffle(order, random);
      for (let step = 0; step < steps; step++) {
        const indices = order.subarray(step * BATCH_SIZE, (step + 1) * BATCH_SIZE);
        classifierStep(model, optimizer, dataset, indices, random);
        progress(epoch * steps + step + 1);
      }
    }
    optimizer.dispose();
  }
  return model;
}

/** Fisher and Yates's shuffle, in place. */
function shuffle(order: Uint32Array, random: Random): void {
  for (let i = order.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
}

/** The file that ships, and how well that reads the test images. */
function quantizeClassifier(
  bytes: Uint8Array,
  train: Dataset,
  test: Dataset,
): { weights: Uint8Array; accuracy: number } {
  const network = parseNetwork(bytes, 'the classifier', 'classifier');
  const pixels = train.images.subarray(0, CALIBRATION_IMAGES * DIGIT_PIXELS);
  const calibration = Float32Array.from(pixels, (level) => level * 2 ** -PIXEL_FRACTION_BITS);
  const layers = quantize(network, calibration, PIXEL_FRACTION_BITS);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const origin = { ...network.metadata, sha256 };
  const { classify } = loadEngine(serializeQuantized(layers, origin));
  const accuracy = accuracyOf(test, classify);
  const measured = { testImages: test.count, accuracy };
  const fidelity = JSON.stringify(measured);
  return { weights: serializeQuantized(layers, { ...origin, fidelity }), accuracy };
}
