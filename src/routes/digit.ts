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
  create: (options, model) => drawDigits([options.seed], options, model)[0],
  headersOf: ({ seed, label, confidence }) => ({
    'X-Digit-Seed': encodeURIComponent(seed),
    'X-Digit-Label': `${label}`,
    'X-Digit-Confidence': confidence.toFixed(CONFIDENCE_DECIMALS),
  }),
};

/** The digits of these seeds, with everything that a document says about them. */
export function drawDigits(
  seeds: readonly string[],
  options: Options,
  { sampler, shownHash: model }: Model,
): DigitRecord[] {
  const { label: asked, raw } = options;
  return sampler.digits(seeds, wishOf(options)).map(({ pixels, label, confidence }, i) => {
    const seed = seeds[i];
    const path = permalink('/digit.json', { seed, model, label: asked, raw });
    return { pixels, label, confidence, seed, model, path };
  });
}

export function wishOf({ label, raw }: Options): Wish {
  return { ...(label !== undefined && { label }), raw: raw === 1 };
}
