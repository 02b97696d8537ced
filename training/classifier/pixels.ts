/** What a classifier takes for each grey level: the same in training, in calibration and in the kernel. */

import { PIXEL_FRACTION_BITS } from '../../src/sampler/sampler.ts';

/** By grey level: its upper 7 bits (`halve` in src/sampler/kernel) as a real number, 0 … 1. */
export const INPUT_OF_GREY = Float32Array.from(
  { length: 256 },
  (_, level) => (level >> 1) * 2 ** -PIXEL_FRACTION_BITS,
);
