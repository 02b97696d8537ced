/** The file of a generator as it is at some epoch: its weights, and how they were trained. */

import type * as tf from '@tensorflow/tfjs';

import { type DenseWeights, denseWeightsOf } from '../backend/index.ts';
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
  const [first, ...others] = denseWeightsOf(generator);
  const layers = [withLatentScale(first, recipe), ...others];
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

/** The first layer as it takes latents that nobody has scaled; classes, which follow the latent, are as they were. */
function withLatentScale(
  layer: DenseWeights,
  { latentSize, latentScale }: Pick<Recipe, 'latentSize' | 'latentScale'>,
): DenseWeights {
  if (latentScale === 1) return layer;
  const { weight, inputs } = layer;
  return {
    ...layer,
    weight: weight.map((w, i) => (i % inputs < latentSize ? latentScale * w : w)),
  };
}
