/** `/walk`: pictures on the way from one digit to another. */

import { walkFormats } from '../encoders/formats.ts';
import { DEFAULTS } from '../http/parameters.ts';
import { wishOf } from './digit.ts';
import type { Resource } from './resource.ts';

export const walk: Resource<readonly Uint8Array[], 'from' | 'to'> = {
  path: '/walk',
  formats: walkFormats,
  seeds: ['from', 'to'],
  parameters: ['frames', 'label', 'raw'],
  digits: () => 2,
  cells: ({ frames = DEFAULTS.frames }) => frames,
  create: (options, { sampler }) => {
    const wish = wishOf(options);
    const [from, to] = sampler.digits([options.from, options.to], wish);
    return sampler.walk(from, to, walk.cells(options));
  },
  headersOf: () => ({}),
};
