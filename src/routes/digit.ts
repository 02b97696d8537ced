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
  path: () => '/digit',
  formats: digitFormats,
  seeds: ['seed'],
  parameters: ['label', 'raw'],
  digits: () => 1,
  cells: () => 1,
  create: (options, model) => drawDigits([options.seed], options, model)[0],
  headersOf: ({ seed, label, asked, confidence }) => ({
    'X-Digit-Seed': encodeURIComponent(seed),
    ...(label !== undefined && { 'X-Digit-Label': `${label}` }),
    ...(asked !== undefined && { 'X-Digit-Asked': `${asked}` }),
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
  const { label: wanted, raw } = options;
  const { width, height, classes } = motif;
  const isNamed = areNamed(classes);
  return sampler.digits(seeds, wishOf(options, motif)).map(({ pixels, label, confidence }, i) => {
    const seed = seeds[i];
    const path = permalink('/digit.json', { seed, model, label: wanted, raw });
    const read = label === undefined ? undefined : classes[label];
    return {
      width,
      height,
      pixels,
      label: read?.number,
      name: isNamed ? read?.name : undefined,
      // An unconditional generator searches for a class, and may not find it.
      asked: wanted === read?.number ? undefined : wanted,
      confidence,
      seed,
      model,
      path,
    };
  });
}

/** @param options whose label is one of the motif's classes, if it has one */
export function wishOf({ label, raw }: Options, { classes }: Motif): Wish {
  const place = label === undefined ? -1 : classes.findIndex(({ number }) => number === label);
  return { ...(place >= 0 && { label: place }), raw: raw === 1 };
}
