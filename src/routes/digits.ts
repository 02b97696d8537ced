/** `/digits`: a series of digits, each of which has a seed of its own. */

import { digitsFormats } from '../encoders/formats.ts';
import type { DigitRecord } from '../encoders/json.ts';
import { DEFAULTS, type Options } from '../http/parameters.ts';
import { seedInSeries } from '../sampler/seed.ts';
import { drawDigits } from './digit.ts';
import type { Resource } from './resource.ts';

export const digits: Resource<readonly DigitRecord[], 'seed'> = {
  path: () => '/digits',
  formats: digitsFormats,
  seeds: ['seed'],
  parameters: ['count', 'label', 'raw'],
  digits: ({ count = DEFAULTS.count }) => count,
  cells: ({ count = DEFAULTS.count, cols = DEFAULTS.cols }) => {
    const across = Math.min(cols, count);
    return Math.ceil(count / across) * across;
  },
  create: (options, model) => drawDigits(seedsInSeries(options), options, model),
  headersOf: (_, { seed }) => ({ 'X-Digit-Seed': encodeURIComponent(seed) }),
};

function seedsInSeries(options: Options & { readonly seed: string }): string[] {
  const { seed } = options;
  return Array.from({ length: digits.digits(options) }, (_, index) => seedInSeries(seed, index));
}
