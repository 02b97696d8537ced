/** The Fréchet distance alone, to be measured again and again while a generator learns. */

import { Random } from '../../src/sampler/random.ts';
import { parseNetwork } from '../quantization/float-file.ts';
import { drawInputs } from '../quantization/inputs.ts';
import { momentsOf } from '../quantization/linear-algebra.ts';
import { drawFloat } from './draw.ts';
import { frechetDistance } from './frechet.ts';
import { assess } from './network.ts';
import { DEFAULT_SAMPLES, FEATURES, LATENTS_SEED } from './recipe.ts';
import type { Reference } from './reference.ts';

/** What measures the distance of the generator in a float file, always from the same latents. */
export function createFrechetOf({
  network,
  size,
  moments,
}: Reference): (file: Uint8Array) => number {
  const indices = Uint32Array.from({ length: DEFAULT_SAMPLES }, (_, index) => index);
  return (file) => {
    const generator = parseNetwork(file);
    const { reals } = drawInputs(Random.fromString(LATENTS_SEED), DEFAULT_SAMPLES, generator);
    const { features } = assess(network, drawFloat(generator, reals), size, indices);
    return frechetDistance(moments, momentsOf(features, FEATURES));
  };
}
