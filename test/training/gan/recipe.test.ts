import { describe, expect, test } from 'vitest';

import { DEFAULTS, recipeOf } from '../../../training/gan/recipe.ts';

describe('the recipe', () => {
  test('says of a model neither where it was trained nor on how many threads', () => {
    const recipe = recipeOf({ ...DEFAULTS, data: 'private', threads: 3 });
    expect(Object.keys(recipe).toSorted()).toEqual(
      [
        'epochs',
        'stepsPerEpoch',
        'batchSize',
        'latentSize',
        'generatorLearningRate',
        'generatorBeta1',
        'discriminatorLearningRate',
        'discriminatorBeta1',
        'labelSmoothing',
        'lrDecay',
        'ema',
        'latentScale',
        'seed',
        'conditional',
      ].toSorted(),
    );
  });
});
