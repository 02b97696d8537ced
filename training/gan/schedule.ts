/**
 * What changes over a run: learning rates that fall towards its end, and the decay of the running average that rises
 * from its start. Both are functions of the steps done alone, so that a resumed run goes on exactly.
 */

import type { Recipe } from './recipe.ts';

/**
 * The factor of both learning rates in the step after so many: 1 at first, then, over the last `lrDecay` of the run,
 * falling in a straight line towards 0, which it would reach after the last step.
 */
export function learningRateFactor(
  stepsDone: number,
  { epochs, stepsPerEpoch, lrDecay }: Pick<Recipe, 'epochs' | 'stepsPerEpoch' | 'lrDecay'>,
): number {
  const total = epochs * stepsPerEpoch;
  const start = total * (1 - lrDecay);
  return stepsDone < start ? 1 : (total - stepsDone) / (total - start);
}

/**
 * The decay of the running average in the step after so many: at most `ema`, and less at first, so that the initial
 * weights are soon forgotten.
 */
export function averageDecay(stepsDone: number, ema: number): number {
  return Math.min(ema, (1 + stepsDone) / (10 + stepsDone));
}
