/** The file of a generator as it is at some epoch: its weights, and how they were trained. */

import type * as tf from '@tensorflow/tfjs';

import { denseWeightsOf } from '../backend/index.ts';
import { type DataFacts, dataMetadata } from '../quantization/data-origin.ts';
import { serializeNetwork } from '../quantization/float-file.ts';
import { LEAKY_RELU_SLOPE, type Recipe } from './recipe.ts';

/** How a generator came to be. */
export interface Origin {
  readonly recipe: Recipe;
  /** Epochs trained so far. */
  readonly epochs: number;
  readonly dataset: DataFacts;
}

export function serializeGenerator(
  generator: tf.Sequential,
  { recipe, epochs, dataset }: Origin,
): Uint8Array {
  const layers = denseWeightsOf(generator);
  return serializeNetwork(
    { kind: 'generator', layers, leakyReluSlope: LEAKY_RELU_SLOPE },
    {
      classes: String(recipe.conditional ? dataset.classes.length : 0),
      recipe: JSON.stringify(recipe),
      epochs: String(epochs),
      seed: String(recipe.seed),
      ...dataMetadata(dataset),
    },
  );
}
