/** The networks of a run with their optimizers: what steps update and checkpoints hold. */

import type * as tf from '@tensorflow/tfjs';

import { Random } from '../../src/sampler/random.ts';
import {
  FusedAdam,
  type LearningRate,
  updateRunningAverage,
  variablesOf,
} from '../backend/index.ts';
import { type Gan, type Sizes, buildGan, buildGenerator } from './networks.ts';
import type { Recipe } from './recipe.ts';
import { averageDecay, learningRateFactor } from './schedule.ts';

export interface Trainer {
  readonly gan: Gan;
  readonly generatorOptimizer: tf.Optimizer;
  readonly discriminatorOptimizer: tf.Optimizer;
  /** Only if the recipe asks for it. */
  readonly average?: RunningAverage | undefined;
}

/** A running average of the generator's weights over the steps. */
export interface RunningAverage {
  /** A generator with these weights. */
  readonly generator: tf.Sequential;
  /** The recipe's. */
  readonly ema: number;
}

/** Makes an Adam that goes on to the bit after getWeights and setWeights. */
export type MakeAdam = (learningRate: LearningRate, beta1: number) => tf.Optimizer;

export interface TrainerOptions {
  readonly sizes: Sizes;
  /** A test may want another than the recipe's. */
  readonly makeAdam?: MakeAdam;
}

/** Networks and optimizers at the very start of a run; the initial weights are drawn from `random`. */
export function createTrainer(
  recipe: Recipe,
  random: Random,
  { sizes, makeAdam = (...rates) => new FusedAdam(...rates) }: TrainerOptions,
): Trainer {
  const { ema, generatorLearningRate, discriminatorLearningRate } = recipe;
  const scheduled =
    (rate: number): LearningRate =>
    (updates) =>
      rate * learningRateFactor(updates, recipe);
  // Drawn from the same state, the average starts as the same weights.
  const sameRandom = new Random(random.state);
  return {
    gan: buildGan(sizes, random),
    generatorOptimizer: makeAdam(scheduled(generatorLearningRate), recipe.generatorBeta1),
    discriminatorOptimizer: makeAdam(
      scheduled(discriminatorLearningRate),
      recipe.discriminatorBeta1,
    ),
    average: ema > 0 ? { generator: buildGenerator(sizes, sameRandom), ema } : undefined,
  };
}

/** The generator that previews, snapshots and files show: the average, if there is one. */
export function shownGenerator({ gan, average }: Trainer): tf.Sequential {
  return average?.generator ?? gan.generator;
}

/** Takes the generator's newest weights into the average, if there is one. */
export function updateAverage({ gan, generatorOptimizer, average }: Trainer): void {
  if (average === undefined) return;
  const decay = averageDecay(generatorOptimizer.iterations - 1, average.ema);
  const weights = variablesOf(gan.generator);
  for (const [i, variable] of variablesOf(average.generator).entries()) {
    updateRunningAverage(variable, weights[i], decay);
  }
}
