/** What a generator is given when it is calibrated and when its forms are compared. */

import type { Random } from '../../src/sampler/random.ts';
import { LATENT_ONE, latentOf, withClass } from '../../src/sampler/seed.ts';

/** A generator's inputs as the sampler draws them: whole multiples of 2⁻¹², and the same as real numbers. */
export interface GeneratorInputs {
  readonly integers: readonly Int16Array[];
  /** (count, inputs) */
  readonly reals: Float32Array;
}

/** What a generator takes, be its weights float or int8. */
export interface NetworkInputs {
  readonly layers: readonly { readonly inputs: number }[];
  /** How many of the first layer's inputs, the last ones, are a one-hot class; 0 for none. */
  readonly classes: number;
}

/** `count` latents, each followed by a random class if the generator is conditional. */
export function drawInputs(
  random: Random,
  count: number,
  { layers, classes }: NetworkInputs,
): GeneratorInputs {
  const size = layers[0].inputs;
  const integers = Array.from({ length: count }, () => {
    const latent = latentOf(random, size - classes);
    return classes === 0 ? latent : withClass(latent, random.below(classes), classes);
  });
  const reals = new Float32Array(count * size);
  for (const [i, units] of integers.entries()) {
    reals.set(
      Float32Array.from(units, (unit) => unit / LATENT_ONE),
      i * size,
    );
  }
  return { integers, reals };
}
