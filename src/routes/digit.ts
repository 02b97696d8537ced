/** `/digit`: one digit. */

import { CONFIDENCE_DECIMALS } from '../digit.ts';
import { digitFormats } from '../encoders/formats.ts';
import type { DigitRecord } from '../encoders/json.ts';
import type { Options } from '../http/parameters.ts';
import { permalink } from '../http/permalink.ts';
import type { Wish } from '../sampler/sampler.ts';
import type { Model } from '../weights/model.ts';
import type { Resource } from './resource.ts';

export const digit: Resource<DigitRecord, 'seed'> = {
  path: '/digit',
  formats: digitFormats,
  seeds: ['seed'],
  parameters: ['label', 'raw'],
  digits: () => 1,
  cells: () => 1,
  create: (options, model) => drawDigit(options.seed, options, model),
  headersOf: ({ seed, label, confidence }) => ({
    'X-Digit-Seed': encodeURIComponent(seed),
    'X-Digit-Label': `${label}`,
    'X-Digit-Confidence': confidence.toFixed(CONFIDENCE_DECIMALS),
  }),
};

/** The digit of a seed, with everything that a document says about it. */
export function drawDigit(
  seed: string,
  options: Options,
  { sampler, shownHash: model }: Model,
): DigitRecord {
  const { pixels, label, confidence } = sampler.digit(seed, wishOf(options));
  const path = permalink('/digit.json', { seed, model, label: options.label, raw: options.raw });
  return { pixels, label, confidence, seed, model, path };
}

export function wishOf({ label, raw }: Options): Wish {
  return { ...(label !== undefined && { label }), raw: raw === 1 };
}
