/** `/digit`: one digit. */

import { CONFIDENCE_DECIMALS } from '../digit.ts';
import { digitFormats } from '../encoders/formats.ts';
import type { DigitRecord } from '../encoders/json.ts';
import type { Options } from '../http/parameters.ts';
import { permalink } from '../http/permalink.ts';
import type { Wish } from '../sampler/sampler.ts';
import type { Resource, Source } from './resource.ts';

export const digit: Resource<DigitRecord, 'seed'> = {
  path: '/digit',
  formats: digitFormats,
  seeds: ['seed'],
  parameters: ['label', 'raw'],
  digits: () => 1,
  cells: () => 1,
  create: (options, source) => drawDigit(options.seed, options, source),
  headersOf: ({ seed, label, confidence }) => ({
    'X-Digit-Seed': encodeURIComponent(seed),
    'X-Digit-Label': `${label}`,
    'X-Digit-Confidence': confidence.toFixed(CONFIDENCE_DECIMALS),
  }),
};

/** The digit of a seed, with everything that a document says about it. */
export function drawDigit(seed: string, options: Options, { model, origin }: Source): DigitRecord {
  const { pixels, label, confidence } = model.sampler.digit(seed, wishOf(options));
  const { shownHash } = model;
  const chosen = { seed, model: shownHash, label: options.label, raw: options.raw };
  const url = origin + permalink('/digit.json', chosen);
  return { pixels, label, confidence, seed, model: shownHash, url };
}

export function wishOf({ label, raw }: Options): Wish {
  return { ...(label !== undefined && { label }), raw: raw === 1 };
}
