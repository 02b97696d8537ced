/** `/digits`: a series of digits, each of which has a seed of its own. */

import { digitsFormats } from '../encoders/formats.ts';
import type { DigitRecord } from '../encoders/json.ts';
import { DEFAULTS } from '../http/parameters.ts';
import { seedInSeries } from '../sampler/seed.ts';
import { drawDigit } from './digit.ts';
import type { Resource } from './resource.ts';

export const digits: Resource<readonly DigitRecord[], 'seed'> = {
  path: '/digits',
  formats: digitsFormats,
  seeds: ['seed'],
  parameters: ['count', 'label', 'raw'],
  digits: ({ count = DEFAULTS.count }) => count,
  cells: ({ count = DEFAULTS.count, cols = DEFAULTS.cols }) => {
    const across = Math.min(cols, count);
    return Math.ceil(count / across) * across;
  },
  create: (options, model) =>
    Array.from({ length: digits.digits(options) }, (_, index) =>
      drawDigit(seedInSeries(options.seed, index), options, model),
    ),
  headersOf: (_, { seed }) => ({ 'X-Digit-Seed': encodeURIComponent(seed) }),
};
