/** How far a quantized generator's pixels are from those of the float generator that it came from. */

import { type Engine, inPairs } from '../../src/sampler/engine.ts';
import type { Random } from '../../src/sampler/random.ts';
import { greyLevels } from '../data/grey-levels.ts';
import type { FloatNetwork } from '../quantization/float-file.ts';
import { runNetwork } from '../quantization/float-network.ts';
import { drawInputs } from '../quantization/inputs.ts';

/** Absolute errors of pixels, in grey levels of 0…255. */
export interface Fidelity {
  readonly latents: number;
  readonly meanAbsError: number;
  readonly maxAbsError: number;
  /** 99.9 % of the pixels are at most this far off. */
  readonly p999AbsError: number;
  /** The share of pixels that are at most 16 off. */
  readonly within16: number;
  /** The share of digits that the classifier takes for the same class; where there is a classifier. */
  readonly sameClass?: number;
}

/** What is compared. */
export interface Quantized {
  readonly draw: Engine['draw'];
  readonly classify?: Engine['classify'] | undefined;
}

/** Compares the pixels of `draw` with the float generator's, latent by latent. */
export function measureFidelity(
  generator: FloatNetwork,
  { draw, classify }: Quantized,
  random: Random,
  latents = 10_000,
): Fidelity {
  const { integers, reals } = drawInputs(random, latents, generator);
  const expected = greyLevels(runNetwork(generator, reals));
  /** Pixels by their error. */
  const histogram = new Uint32Array(256);
  let pixel = 0;
  let same = 0;
  for (const pixels of inPairs(integers, draw)) {
    const exact = expected.subarray(pixel, pixel + pixels.length);
    for (const level of pixels) histogram[Math.abs(level - expected[pixel++])]++;
    if (classify && classOf(pixels, classify) === classOf(exact, classify)) same++;
  }
  const total = expected.length;
  const shareWithin = (error: number): number =>
    histogram.subarray(0, error + 1).reduce((sum, pixels) => sum + pixels, 0) / total;
  const errors = Array.from(histogram.keys());
  return {
    latents,
    meanAbsError: errors.reduce((sum, error) => sum + error * histogram[error], 0) / total,
    maxAbsError: histogram.findLastIndex((pixels) => pixels > 0),
    p999AbsError: errors.findIndex((error) => shareWithin(error) >= 0.999),
    within16: shareWithin(16),
    ...(classify && { sameClass: same / latents }),
  };
}

function classOf(pixels: Uint8Array, classify: Engine['classify']): number {
  const [logits] = classify([pixels]);
  return logits.indexOf(Math.max(...logits));
}
