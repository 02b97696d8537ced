/** `/number/2024`: a number in digits, side by side, each of which has a seed of its own. */

import { numberFormats } from '../encoders/formats.ts';
import type { NumberRecord } from '../encoders/json.ts';
import { permalink } from '../http/permalink.ts';
import { seedInSeries } from '../sampler/seed.ts';
import { drawDigits } from './digit.ts';
import type { Resource } from './resource.ts';

export const number: Resource<NumberRecord, 'seed'> = {
  path: ({ number: figures = '' }) => `/number/${figures}`,
  formats: numberFormats,
  seeds: ['seed'],
  parameters: ['number', 'raw'],
  digits: ({ number: figures = '' }) => figures.length,
  cells: ({ number: figures = '' }) => figures.length,
  create: ({ number: figures = '', seed, raw }, model) => {
    const digits = Array.from(figures, (figure, position) => {
      const wanted = { label: Number(figure), ...(raw !== undefined && { raw }) };
      return drawDigits([seedInSeries(seed, position)], wanted, model)[0];
    });
    const { shownHash } = model;
    const path = permalink(`/number/${figures}.json`, { seed, model: shownHash, raw });
    return { number: figures, digits, seed, model: shownHash, path };
  },
  headersOf: (_, { seed }) => ({ 'X-Digit-Seed': encodeURIComponent(seed) }),
};
