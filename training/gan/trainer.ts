/** The networks of a run with their optimizers: what steps update and checkpoints hold. */

import type * as tf from '@tensorflow/tfjs';

import type { Random } from '../../src/sampler/random.ts';
import { FusedAdam } from '../backend/index.ts';
import { type Gan, type Sizes, buildGan, recipeSizes } from './networks.ts';
import type { Recipe } from './recipe.ts';

export interface Trainer {
  readonly gan: Gan;
  readonly generatorOptimizer: tf.Optimizer;
  readonly discriminatorOptimizer: tf.Optimizer;
}

/** Makes an Adam that goes on to the bit after getWeights and setWeights. */
export type MakeAdam = (learningRate: number, beta1: number) => tf.Optimizer;

/** What a test may want otherwise than the recipe has it. */
export interface TrainerOptions {
  readonly sizes?: Sizes;
  readonly makeAdam?: MakeAdam;
}

/** Networks and optimizers at the very start of a run; the initial weights are drawn from `random`. */
export function createTrainer(
  recipe: Recipe,
  random: Random,
  {
    sizes = recipeSizes(recipe),
    makeAdam = (...rates) => new FusedAdam(...rates),
  }: TrainerOptions = {},
): Trainer {
  return {
    gan: buildGan(sizes, random),
    generatorOptimizer: makeAdam(recipe.generatorLearningRate, recipe.generatorBeta1),
    discriminatorOptimizer: makeAdam(recipe.discriminatorLearningRate, recipe.discriminatorBeta1),
  };
}
