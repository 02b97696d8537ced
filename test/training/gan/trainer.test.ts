import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';

import { Random } from '../../../src/sampler/random.ts';
import { variablesOf } from '../../../training/backend/index.ts';
import { step } from '../../../training/gan/step.ts';
import { type Trainer, createTrainer, shownGenerator } from '../../../training/gan/trainer.ts';
import { runningAverage } from '../backend/reference.ts';
import { DATASET, SIZES, settingsOf } from './runs.ts';

beforeAll(() => tf.setBackend('cpu'));

function trainerOf(changes: Parameters<typeof settingsOf>[1]): {
  trainer: Trainer;
  steps: (count: number) => void;
} {
  const settings = settingsOf('', changes);
  const random = Random.fromString('trainer');
  const trainer = createTrainer(settings, random, { sizes: SIZES });
  const steps = (count: number): void => {
    for (let n = 0; n < count; n++) step(trainer, DATASET, settings, random);
  };
  return { trainer, steps };
}

function weightsOf(generator: tf.Sequential): Float32Array[] {
  return variablesOf(generator).map((variable) => variable.dataSync<'float32'>().slice());
}

describe('the running average', () => {
  test('starts as the initial weights, of a conditional generator too', () => {
    const { trainer } = trainerOf({ ema: 0.9 });
    expect(shownGenerator(trainer)).not.toBe(trainer.gan.generator);
    expect(weightsOf(shownGenerator(trainer))).toEqual(weightsOf(trainer.gan.generator));

    const options = { sizes: { ...SIZES, classes: 10 } };
    const settings = settingsOf('', { ema: 0.9, conditional: true });
    const conditional = createTrainer(settings, Random.fromString('trainer'), options);
    expect(weightsOf(shownGenerator(conditional))).toEqual(weightsOf(conditional.gan.generator));
  });

  test('takes in the weights after each update, with a decay that rises to the one asked for', () => {
    const { trainer, steps } = trainerOf({ ema: 0.3 });
    let expected = weightsOf(trainer.gan.generator);
    for (const decay of [1 / 10, 2 / 11, 3 / 12, 0.3, 0.3]) {
      steps(1);
      const weights = weightsOf(trainer.gan.generator);
      expected = expected.map((average, i) => runningAverage(average, weights[i], decay));
      expect(weightsOf(shownGenerator(trainer))).toEqual(expected);
    }
  });

  test('changes nothing in the training', () => {
    const [without, with_] = [trainerOf({ ema: 0 }), trainerOf({ ema: 0.999 })];
    without.steps(3);
    with_.steps(3);
    expect(weightsOf(with_.trainer.gan.generator)).toEqual(
      weightsOf(without.trainer.gan.generator),
    );
    expect(shownGenerator(without.trainer)).toBe(without.trainer.gan.generator);
  });

  test('leaves no tensor behind', () => {
    const { steps } = trainerOf({ ema: 0.9 });
    steps(1);
    const { numTensors } = tf.memory();
    steps(3);
    expect(tf.memory().numTensors).toBe(numTensors);
  });
});

describe('falling learning rates', () => {
  test('are those of both networks, and change nothing before they fall', () => {
    const [constant, falling] = [trainerOf({ lrDecay: 0 }), trainerOf({ lrDecay: 5 / 9 })];
    const weights = ({ trainer: { gan } }: typeof constant): Record<string, Float32Array[]> => ({
      generator: weightsOf(gan.generator),
      discriminator: weightsOf(gan.discriminator),
    });
    // Of nine steps, the fifth is the first of the fall, and its factor is still 1.
    constant.steps(5);
    falling.steps(5);
    expect(weights(falling)).toEqual(weights(constant));
    constant.steps(1);
    falling.steps(1);
    for (const network of ['generator', 'discriminator']) {
      for (const [i, values] of weights(falling)[network].entries()) {
        expect(values).not.toEqual(weights(constant)[network][i]);
      }
    }
  });
});
