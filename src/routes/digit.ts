/** `/digit`: one digit. */

import { areNamed, CONFIDENCE_DECIMALS, type Motif } from '../digit.ts';
import { digitFormats } from '../encoders/formats.ts';
import type { DigitRecord } from '../encoders/json.ts';
import { latentOfText } from '../http/latent.ts';
import type { Options } from '../http/parameters.ts';
import { permalink } from '../http/permalink.ts';
import type { Digit, Wish } from '../sampler/sampler.ts';
import { withClass } from '../sampler/seed.ts';
import type { Model } from '../weights/model.ts';
import type { Resource } from './resource.ts';

export const digit: Resource<DigitRecord, 'seed'> = {
  path: () => '/digit',
  formats: digitFormats,
  seeds: ['seed'],
  parameters: ['label', 'raw', 'latent'],
  digits: () => 1,
  cells: () => 1,
  create: (options, model) =>
    options.latent === undefined
      ? drawDigits([options.seed], options, model)[0]
      : drawLatent(options.latent, options, model),
  headersOf: ({ seed, label, asked, confidence }) => ({
    ...(seed !== undefined && { 'X-Digit-Seed': encodeURIComponent(seed) }),
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
  model: Model,
): DigitRecord[] {
  const { label, raw } = options;
  const asked = { label, raw };
  const digits = model.sampler.digits(seeds, wishOf(options, model.motif));
  return digits.map((drawn, i) => recordOf(drawn, { seed: seeds[i] }, asked, model));
}

/** @param latent text that is a latent of this model, whose label is a class if the generator takes one */
function drawLatent(latent: string, options: Options, model: Model): DigitRecord {
  const { sampler, motif } = model;
  const numbers = latentOfText(latent) ?? new Int16Array(sampler.latentSize);
  const { label: place } = wishOf(options, motif);
  const input = place === undefined ? numbers : withClass(numbers, place, motif.classes.length);
  const { label } = options;
  return recordOf(sampler.draw(input), { latent }, { label, latent }, model);
}

/** What a permalink says beside seed and model. */
interface Asked {
  readonly label: number | undefined;
  readonly raw?: number | undefined;
  readonly latent?: string;
}

/**
 * @param source what it was drawn from
 * @param asked what else its permalink says
 */
function recordOf(
  { pixels, label, confidence }: Digit,
  source: Pick<DigitRecord, 'seed' | 'latent'>,
  asked: Asked,
  { motif, shownHash: model }: Model,
): DigitRecord {
  const { width, height, classes } = motif;
  const { seed } = source;
  const read = label === undefined ? undefined : classes[label];
  return {
    ...source,
    width,
    height,
    pixels,
    label: read?.number,
    name: areNamed(classes) ? read?.name : undefined,
    // An unconditional generator searches for a class, and may not find it.
    asked: asked.label === read?.number ? undefined : asked.label,
    confidence,
    model,
    path: permalink('/digit.json', { seed, model, ...asked }),
  };
}

/** @param options whose label is one of the motif's classes, if it has one */
export function wishOf({ label, raw }: Options, { classes }: Motif): Wish {
  const place = label === undefined ? -1 : classes.findIndex(({ number }) => number === label);
  return { ...(place >= 0 && { label: place }), raw: raw === 1 };
}
