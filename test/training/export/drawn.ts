/** Generators to export, and what they draw themselves. */

import { readFileSync } from 'node:fs';

import { Random } from '../../../src/sampler/random.ts';
import { type FloatNetwork, parseNetwork } from '../../../training/quantization/float-file.ts';
import { runNetwork } from '../../../training/quantization/float-network.ts';
import { drawInputs } from '../../../training/quantization/inputs.ts';
import { generatorOf } from '../quantization/generators.ts';

/** How far pixels in −1…1 may be off: additions in another order. */
export const TOLERANCE = 1e-5;

interface Given {
  readonly name: string;
  readonly generator: () => FloatNetwork;
}

export const generators: readonly Given[] = [
  { name: 'a small plain generator', generator: () => generatorOf() },
  { name: 'one of a single layer', generator: () => generatorOf(1, [5, 9]) },
  {
    name: 'the conditional generator that ships',
    generator: () => parseNetwork(readFileSync('weights/float/generator.safetensors')),
  },
];

/** Latents, with classes where the generator takes them, (count, inputs), and their pixels, (count, pixels). */
export function drawn({ generator: create }: Given) {
  const count = 12;
  const generator = create();
  const latents = drawInputs(Random.fromString('export'), count, generator).reals;
  return { generator, latents, pixels: runNetwork(generator, latents), count };
}

export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length)
    throw new RangeError(`found ${a.length} numbers, expected ${b.length}`);
  return Array.from(a).reduce((most, x, i) => Math.max(most, Math.abs(x - b[i])), 0);
}
