/** `/digit`: one digit. */

import { areNamed, CONFIDENCE_DECIMALS, type Motif } from '../digit.ts';
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
    ...(label !== undefined && { 'X-Digit-Label': `${label}` }),
    ...(confidence !== undefined && {
      'X-Digit-Confidence': confidence.toFixed(CONFIDENCE_DECIMALS),
    }),
  }),
};

/** The digits of these seeds, with everything that a document says about them. */
export function drawDigits(
  seeds: readonly string[],
  options: Options,
  { sampler, motif, shownHash: model }: Model,
): DigitRecord[] {
  const { label: asked, raw } = options;
  const { width, height, classes } = motif;
  const isNamed = areNamed(classes);
  return sampler.digits(seeds, wishOf(options, motif)).map(({ pixels, label, confidence }, i) => {
    const seed = seeds[i];
    const path = permalink('/digit.json', { seed, model, label: asked, raw });
    const read = label === undefined ? undefined : classes[label];
    const name = isNamed ? read?.name : undefined;
    return { width, height, pixels, label: read?.number, name, confidence, seed, model, path };
  });
}

/** @param options whose label is one of the motif's classes, if it has one */
export function wishOf({ label, raw }: Options, { classes }: Motif): Wish {
  const place = label === undefined ? -1 : classes.findIndex(({ number }) => number === label);
  return { ...(place >= 0 && { label: place }), raw: raw === 1 };
}
