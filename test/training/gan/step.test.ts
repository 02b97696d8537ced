import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';

import { Random } from '../../../src/sampler/random.ts';
import { oneHot, variablesOf } from '../../../training/backend/index.ts';
import { batchOf } from '../../../training/data/batches.ts';
import { type Gan, type Sizes, buildGan } from '../../../training/gan/networks.ts';
import { NotFiniteError } from '../../../training/gan/not-finite.ts';
import {
  binaryCrossEntropy,
  drawClasses,
  drawIndices,
  drawLatents,
  step,
  trainDiscriminator,
  trainGenerator,
} from '../../../training/gan/step.ts';
import type { Trainer } from '../../../training/gan/trainer.ts';
import { LIKE_MNIST } from '../helpers.ts';
import {
  crossEntropy,
  dense,
  discriminate,
  generate,
  joined,
  masksOf,
  numericGradient,
  referenceLoss,
  rows,
  snapshot,
} from './reference.ts';

const SIZES = { latentSize: 3, generatorUnits: [5, 4, 6], discriminatorUnits: [7, 5, 4, 1] };
const SETTINGS = { batchSize: 4, latentSize: 3, labelSmoothing: 0.9, conditional: false };
/** Ten images of six pixels. */
const DATASET = {
  name: 'ten',
  width: 3,
  height: 2,
  classes: LIKE_MNIST.classes,
  count: 10,
  images: Uint8Array.from({ length: 60 }, (_, i) => (i * 37) % 256),
  labels: Uint8Array.from({ length: 10 }, (_, i) => (i * 7) % 10),
  sha256: '',
};

beforeAll(() => tf.setBackend('cpu'));

describe('the step', () => {
  test('draws latents, images, masks, fresh latents, masks, in this order', () => {
    const random = Random.fromString('step');
    const expected = Random.fromString('step');
    const trainer = trainerOf(tf.train.sgd(0), tf.train.sgd(0));

    const result = step(trainer, DATASET, SETTINGS, random);

    const latents = drawLatents(expected, 4, 3);
    const real = batchOf(DATASET, drawIndices(expected, 4, 10));
    const both = [...rows(real, 6), ...generate(trainer.gan, rows(latents, 3))];
    const targets = [0.9, 0.9, 0.9, 0.9, 0, 0, 0, 0];
    const masks = masksOf(expected, 8);
    const discriminatorLoss = referenceLoss(trainer.gan, both, targets, masks);
    const outputs = discriminate(snapshot(trainer.gan).discriminator, both, masks);
    const fresh = generate(trainer.gan, rows(drawLatents(expected, 4, 3), 3));
    const generatorLoss = referenceLoss(trainer.gan, fresh, [1, 1, 1, 1], masksOf(expected, 4));
    expect(result.discriminatorLoss).toBeCloseTo(discriminatorLoss, 5);
    expect(result.generatorLoss).toBeCloseTo(generatorLoss, 5);
    expect(result.discriminatorReal).toBeCloseTo(meanOf(outputs.slice(0, 4)), 5);
    expect(result.discriminatorGenerated).toBeCloseTo(meanOf(outputs.slice(4)), 5);
    expect(random.state).toEqual(expected.state);
  });

  test('trains the generator through the discriminator as it is after its own update', () => {
    const [still, moving] = [
      trainerOf(tf.train.sgd(0), tf.train.sgd(0)),
      trainerOf(tf.train.sgd(1), tf.train.sgd(0)),
    ];
    const before = step(still, DATASET, SETTINGS, Random.fromString('step'));
    const after = step(moving, DATASET, SETTINGS, Random.fromString('step'));
    expect(after.discriminatorLoss).toBe(before.discriminatorLoss);
    expect(after.generatorLoss).not.toBe(before.generatorLoss);
  });

  test('leaves no tensor behind', () => {
    const trainer = trainerOf(tf.train.adam(1e-3), tf.train.adam(1e-3));
    const random = Random.fromString('step');
    step(trainer, DATASET, SETTINGS, random);
    const { numTensors } = tf.memory();
    for (let i = 0; i < 5; i++) step(trainer, DATASET, SETTINGS, random);
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  test('fails if a loss is not a number', () => {
    const trainer = trainerOf();
    const [kernel] = variablesOf(trainer.gan.generator);
    kernel.assign(tf.fill(kernel.shape, Number.NaN));
    expect(() => step(trainer, DATASET, SETTINGS, Random.fromString('step'))).toThrow(
      NotFiniteError,
    );
  });
});

describe("the discriminator's update", () => {
  const latents = [0.1, -0.2, 0.3, 1.1, 0.4, -2];
  const real = [0.5, -1, 1, 0, 0.25, -0.75, -1, -1, 1, 1, 0.5, -0.5];

  function update(gan: Gan, optimizer: tf.Optimizer, random: Random): number {
    return tf.tidy(() => {
      const batch = {
        real: { images: tf.tensor2d(real, [2, 6]) },
        latents: { vectors: tf.tensor2d(latents, [2, 3]) },
      };
      const settings = { ...batch, labelSmoothing: 0.8 };
      return trainDiscriminator(gan, optimizer, settings, random).loss.dataSync()[0];
    });
  }

  test('changes every weight tensor of the discriminator and none of the generator', () => {
    const { gan } = trainerOf();
    const before = snapshot(gan);
    update(gan, tf.train.adam(1e-2), Random.fromString('d'));
    const after = snapshot(gan);
    expect(after.generator).toEqual(before.generator);
    for (const [i, values] of after.discriminator.entries()) {
      expect(values).not.toEqual(before.discriminator[i]);
    }
  });

  test('follows the gradient of the loss on real and generated images together', () => {
    const { gan } = trainerOf();
    const before = snapshot(gan);
    const images = [...rows(real, 6), ...generate(gan, rows(latents, 3))];
    const masks = masksOf(Random.fromString('d'), 4);
    const lossWith = (parameters: number[][]): number =>
      crossEntropy(discriminate(parameters, images, masks), [0.8, 0.8, 0, 0]);
    const gradient = numericGradient(lossWith, before.discriminator);
    expect(update(gan, tf.train.sgd(1), Random.fromString('d'))).toBeCloseTo(
      lossWith(before.discriminator),
      5,
    );
    expectMoved(before.discriminator, snapshot(gan).discriminator, gradient);
  });

  test('drops different activations each time', () => {
    const { gan } = trainerOf();
    const random = Random.fromString('d');
    const optimizer = tf.train.sgd(0);
    const losses = Array.from({ length: 8 }, () => update(gan, optimizer, random));
    expect(new Set(losses).size).toBe(8);
  });
});

describe("the generator's update", () => {
  const latents = [0.1, -0.2, 0.3, 1.1, 0.4, -2];

  function update(gan: Gan, optimizer: tf.Optimizer, random: Random): number {
    return tf.tidy(() => {
      const vectors = tf.tensor2d(latents, [2, 3]);
      return trainGenerator(gan, optimizer, { vectors }, random).dataSync()[0];
    });
  }

  test('changes every weight tensor of the generator and none of the discriminator', () => {
    const { gan } = trainerOf();
    const before = snapshot(gan);
    update(gan, tf.train.adam(1e-2), Random.fromString('g'));
    const after = snapshot(gan);
    expect(after.discriminator).toEqual(before.discriminator);
    for (const [i, values] of after.generator.entries()) {
      expect(values).not.toEqual(before.generator[i]);
    }
  });

  test('follows the gradient of the loss with target 1, dropout active', () => {
    const { gan } = trainerOf();
    const before = snapshot(gan);
    const masks = masksOf(Random.fromString('g'), 2);
    const lossWith = (parameters: number[][]): number => {
      const images = rows(latents, 3).map((latent) => dense(parameters, latent, Math.tanh));
      return crossEntropy(discriminate(before.discriminator, images, masks), [1, 1]);
    };
    const gradient = numericGradient(lossWith, before.generator);
    expect(update(gan, tf.train.sgd(1), Random.fromString('g'))).toBeCloseTo(
      lossWith(before.generator),
      5,
    );
    expectMoved(before.generator, snapshot(gan).generator, gradient);
  });

  test('drops different activations each time', () => {
    const { gan } = trainerOf();
    const random = Random.fromString('g');
    const optimizer = tf.train.sgd(0);
    const losses = Array.from({ length: 8 }, () => update(gan, optimizer, random));
    expect(new Set(losses).size).toBe(8);
  });
});

describe('the conditional step', () => {
  const settings = { ...SETTINGS, conditional: true };
  const sizes = { ...SIZES, classes: 10 };

  test('draws the classes after their latents and gives them to both networks', () => {
    const random = Random.fromString('step');
    const expected = Random.fromString('step');
    const trainer = trainerOf(tf.train.sgd(0), tf.train.sgd(0), sizes);

    const losses = step(trainer, DATASET, settings, random);

    const drawn = () => ({ latents: rows(drawLatents(expected, 4, 3), 3), classes: classes() });
    const classes = () => drawClasses(expected, 4, 10);
    const generated = (): number[][] => {
      const { latents, classes: labels } = drawn();
      return joined(generate(trainer.gan, joined(latents, labels)), labels);
    };
    const first = generated();
    const indices = drawIndices(expected, 4, 10);
    const labels = Uint8Array.from(indices, (index) => DATASET.labels[index]);
    const both = [...joined(rows(batchOf(DATASET, indices), 6), labels), ...first];
    const targets = [0.9, 0.9, 0.9, 0.9, 0, 0, 0, 0];
    const discriminatorLoss = referenceLoss(trainer.gan, both, targets, masksOf(expected, 8));
    const fresh = generated();
    const generatorLoss = referenceLoss(trainer.gan, fresh, [1, 1, 1, 1], masksOf(expected, 4));
    expect(losses.discriminatorLoss).toBeCloseTo(discriminatorLoss, 5);
    expect(losses.generatorLoss).toBeCloseTo(generatorLoss, 5);
    expect(random.state).toEqual(expected.state);
  });

  test('moves the generator along the gradient through the discriminator that knows the class', () => {
    const { gan } = trainerOf(undefined, undefined, sizes);
    const before = snapshot(gan);
    const latents = [0.1, -0.2, 0.3, 1.1, 0.4, -2];
    const classes = Uint8Array.of(3, 9);
    const masks = masksOf(Random.fromString('g'), 2);
    const lossWith = (parameters: number[][]): number => {
      const inputs = joined(rows(latents, 3), classes);
      const images = inputs.map((input) => dense(parameters, input, Math.tanh));
      return crossEntropy(
        discriminate(before.discriminator, joined(images, classes), masks),
        [1, 1],
      );
    };
    const loss = tf.tidy(() => {
      const batch = { vectors: tf.tensor2d(latents, [2, 3]), labels: oneHot(classes, 10) };
      const random = Random.fromString('g');
      return trainGenerator(gan, tf.train.sgd(1), batch, random).dataSync()[0];
    });
    expect(loss).toBeCloseTo(lossWith(before.generator), 5);
    const gradient = numericGradient(lossWith, before.generator);
    expectMoved(before.generator, snapshot(gan).generator, gradient);
    expect(snapshot(gan).discriminator).toEqual(before.discriminator);
  });

  test('leaves no tensor behind', () => {
    const trainer = trainerOf(tf.train.adam(1e-3), tf.train.adam(1e-3), sizes);
    const random = Random.fromString('step');
    step(trainer, DATASET, settings, random);
    const { numTensors } = tf.memory();
    for (let i = 0; i < 5; i++) step(trainer, DATASET, settings, random);
    expect(tf.memory().numTensors).toBe(numTensors);
  });
});

describe('the loss', () => {
  test("is Keras's binary cross-entropy", () => {
    const probabilities = [0.01, 0.3, 0.5, 0.99, 0.7, 0.02];
    const targets = [0, 0.9, 1, 1, 0, 0.9];
    const keras = crossEntropy(
      probabilities.map((p) => Math.min(Math.max(p, 1e-7), 1 - 1e-7)),
      targets,
    );
    expect(lossOf(targets, probabilities)).toBeCloseTo(keras, 4);
  });

  test('stays finite if the discriminator is certain and wrong', () => {
    expect(lossOf([1, 0], [0, 1])).toBeCloseTo(-Math.log(1e-7), 0);
  });

  test('has the floor that smoothing sets, if the discriminator is perfect', () => {
    const floor = -(0.9 * Math.log(0.9) + 0.1 * Math.log(0.1)) / 2;
    expect(floor).toBeCloseTo(0.163, 3);
    expect(lossOf([0.9, 0], [0.9, 0])).toBeCloseTo(floor, 5);
  });
});

describe('what a step draws', () => {
  test('is standard normal for latents', () => {
    const latents = drawLatents(Random.fromString('latents'), 200, 100);
    const mean = latents.reduce((sum, x) => sum + x, 0) / latents.length;
    const variance = latents.reduce((sum, x) => sum + (x - mean) ** 2, 0) / latents.length;
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(variance - 1)).toBeLessThan(0.05);
  });

  test('is each class equally often', () => {
    const classes = drawClasses(Random.fromString('classes'), 10_000, 10);
    for (let label = 0; label < 10; label++) {
      const count = classes.filter((drawn) => drawn === label).length;
      expect(Math.abs(count - 1000)).toBeLessThan(5 * 30);
    }
  });

  test('is uniform, with replacement, for images', () => {
    const indices = drawIndices(Random.fromString('indices'), 10_000, 7);
    const counts = Array.from(
      { length: 7 },
      (_, i) => indices.filter((index) => index === i).length,
    );
    expect(counts.reduce((sum, count) => sum + count)).toBe(10_000);
    for (const count of counts) expect(Math.abs(count - 10_000 / 7)).toBeLessThan(5 * 35);
  });
});

function lossOf(targets: number[], probabilities: number[]): number {
  return tf.tidy(
    () => binaryCrossEntropy(tf.tensor(targets), tf.tensor(probabilities)).dataSync()[0],
  );
}

/** Gradient descent with learning rate 1 moves each weight by its gradient. */
function expectMoved(before: number[][], after: number[][], gradient: number[][]): void {
  for (const [t, values] of gradient.entries()) {
    for (const [i, slope] of values.entries()) {
      expect(before[t][i] - after[t][i]).toBeCloseTo(slope, 5);
    }
  }
}

function trainerOf(
  discriminator: tf.Optimizer = tf.train.sgd(1),
  generator: tf.Optimizer = tf.train.sgd(1),
  sizes: Sizes = SIZES,
): Trainer {
  return {
    gan: buildGan(sizes, Random.fromString('weights')),
    discriminatorOptimizer: discriminator,
    generatorOptimizer: generator,
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value) / values.length;
}
