/** `/walk`: pictures on the way from one digit to another. */

import { walkFormats } from '../encoders/formats.ts';
import type { Image } from '../encoders/pixels.ts';
import { DEFAULTS } from '../http/parameters.ts';
import { wishOf } from './digit.ts';
import type { Resource } from './resource.ts';

export const walk: Resource<readonly Image[], 'from' | 'to'> = {
  path: () => '/walk',
  formats: walkFormats,
  seeds: ['from', 'to'],
  parameters: ['frames', 'label', 'raw'],
  digits: () => 2,
  cells: ({ frames = DEFAULTS.frames }) => frames,
  create: (options, { sampler, motif }) => {
    const { width, height } = motif;
    const wish = wishOf(options, motif);
    const [from, to] = sampler.digits([options.from, options.to], wish);
    const pictures = sampler.walk(from, to, walk.cells(options));
    return pictures.map((pixels) => ({ width, height, pixels }));
  },
  headersOf: () => ({}),
};
