/** How far an int8 generator's pixels are from those of the float generator that it came from. */

import type { Random } from '../../src/sampler/random.ts';
import { LATENT_FRACTION_BITS, latentOf, withClass } from '../../src/sampler/seed.ts';
import { type FloatNetwork, classesOf } from '../quantization/float-file.ts';
import { greyLevels, runNetwork } from '../quantization/float-network.ts';

/** Absolute errors of pixels, in grey levels of 0…255. */
export interface Fidelity {
  latents: number;
  meanAbsError: number;
  maxAbsError: number;
  /** 99.9 % of the pixels are at most that far off. */
  p999AbsError: number;
  /** The share of pixels that are at most 16 off. */
  within16: number;
}

/** What the sampler gives a generator, whole multiples of 2⁻¹², and the same as real numbers. */
export function drawInputs(
  random: Random,
  count: number,
  generator: FloatNetwork,
): { integers: Int16Array[]; reals: Float32Array } {
  const size = generator.layers[0].inputs;
  const classes = classesOf(generator);
  const integers = Array.from({ length: count }, () => {
    const latent = latentOf(random, size - classes);
    return classes === 0 ? latent : withClass(latent, random.below(classes), classes);
  });
  const reals = new Float32Array(count * size);
  for (const [i, latent] of integers.entries()) {
    for (const [j, units] of latent.entries())
      reals[i * size + j] = units / 2 ** LATENT_FRACTION_BITS;
  }
  return { integers, reals };
}

/** Compares the pixels of `generate` with the float generator's, latent by latent. */
export function measureFidelity(
  generator: FloatNetwork,
  generate: (latent: Int16Array) => Uint8Array,
  random: Random,
  latents = 1000,
): Fidelity {
  const { integers, reals } = drawInputs(random, latents, generator);
  const expected = greyLevels(runNetwork(generator, reals));
  const histogram = new Uint32Array(256);
  let pixel = 0;
  for (const latent of integers) {
    for (const level of generate(latent)) histogram[Math.abs(level - expected[pixel++])]++;
  }
  const total = expected.length;
  const upTo = (error: number): number =>
    histogram.subarray(0, error + 1).reduce((sum, pixels) => sum + pixels, 0) / total;
  const errors = Array.from(histogram.keys());
  return {
    latents,
    meanAbsError: errors.reduce((sum, error) => sum + error * histogram[error], 0) / total,
    maxAbsError: histogram.findLastIndex((pixels) => pixels > 0),
    p999AbsError: errors.findIndex((error) => upTo(error) >= 0.999),
    within16: upTo(16),
  };
}
