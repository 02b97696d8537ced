/**
 * What there is to get besides documents: a digit, a series of digits, a walk. Each is chosen by seeds
 * and a few parameters, and sent in one of several formats. HTTP as such is in respond.ts and app.ts.
 */

import { CONFIDENCE_DECIMALS } from '../digit.ts';
import {
  digitFormats,
  digitsFormats,
  walkFormats,
  type Format,
  type MintedDigit,
} from '../encoders/formats.ts';
import { DEFAULTS, type Options, type ParameterName } from '../http/parameters.ts';
import type { Wish } from '../sampler/sampler.ts';
import { seedInSeries } from '../sampler/seed.ts';
import { type Model } from '../weights/model.ts';

export interface Resource<Content> {
  /** Without an ending. */
  readonly path: string;
  readonly formats: readonly Format<Content>[];
  /** The parameters that are seeds; one that is not given is drawn afresh. */
  readonly seeds: readonly ('seed' | 'from' | 'to')[];
  /** The other parameters that choose what is drawn. */
  readonly parameters: readonly ParameterName[];
  /** How many digits are drawn from seeds. */
  drawn(options: Options): number;
  /** How many digits a picture has room for, over all of its frames. */
  cells(options: Options): number;
  /** @param options with all seeds */
  create(model: Model, options: Options): Content;
  /** Headers that tell of the content. */
  headersOf(content: Content, options: Options): Readonly<Record<string, string>>;
}

export const digit: Resource<MintedDigit> = {
  path: '/digit',
  formats: digitFormats,
  seeds: ['seed'],
  parameters: ['label', 'raw'],
  drawn: () => 1,
  cells: () => 1,
  create: (model, options) => mint(model, seedOf(options), options),
  headersOf: ({ seed, label, confidence }) => ({
    'X-Digit-Seed': encodeURIComponent(seed),
    'X-Digit-Label': `${label}`,
    'X-Digit-Confidence': confidence.toFixed(CONFIDENCE_DECIMALS),
  }),
};

export const digits: Resource<readonly MintedDigit[]> = {
  path: '/digits',
  formats: digitsFormats,
  seeds: ['seed'],
  parameters: ['count', 'label', 'raw'],
  drawn: ({ count = DEFAULTS.count }) => count,
  cells: (options) => {
    const count = digits.drawn(options);
    const across = Math.min(options.cols ?? DEFAULTS.cols, count);
    return Math.ceil(count / across) * across;
  },
  create: (model, options) =>
    Array.from({ length: digits.drawn(options) }, (_, index) =>
      digitInSeries(model, options, index),
    ),
  headersOf: (_, options) => ({ 'X-Digit-Seed': encodeURIComponent(seedOf(options)) }),
};

export const walk: Resource<readonly Uint8Array[]> = {
  path: '/walk',
  formats: walkFormats,
  seeds: ['from', 'to'],
  parameters: ['frames', 'label', 'raw'],
  drawn: () => 2,
  cells: ({ frames = DEFAULTS.frames }) => frames,
  create: ({ sampler }, options) => {
    const [from, to] = [options.from ?? '', options.to ?? ''].map((seed) =>
      sampler.digit(seed, wishOf(options)),
    );
    return sampler.walk(from, to, walk.cells(options));
  },
  headersOf: () => ({}),
};

/** Digit `index` of the series that `options` ask for. */
export function digitInSeries(model: Model, options: Options, index: number): MintedDigit {
  return mint(model, seedInSeries(seedOf(options), index), options);
}

/**
 * The path and query that will give these very bytes for as long as their model is there.
 * @param options with all seeds
 */
export function permalinkOf<Content>(
  { path, seeds, parameters }: Resource<Content>,
  format: Format<Content>,
  options: Options,
  shownHash: string,
): string {
  const shaping = [...parameters, ...format.parameters].filter(
    (name) => options[name] !== undefined,
  );
  const pairs: readonly (readonly [string, string | number])[] = [
    ...seeds.map((name) => [name, options[name] ?? ''] as const),
    ['model', shownHash],
    ...shaping.map((name) => [name, options[name] ?? ''] as const),
  ];
  const query = pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  return `${path}.${format.name}?${query}`;
}

const JSON_FORMAT = digitFormats.find(({ name }) => name === 'json') ?? digitFormats[0];

/** The digit of a seed. */
export function mint(model: Model, seed: string, options: Options): MintedDigit {
  const { label, raw } = options;
  const choosing = {
    seed,
    ...(label !== undefined && { label }),
    ...(raw !== undefined && { raw }),
  };
  return {
    ...model.sampler.digit(seed, wishOf(options)),
    seed,
    jsonPath: () => permalinkOf(digit, JSON_FORMAT, choosing, model.shownHash),
  };
}

function wishOf({ label, raw }: Options): Wish {
  return { ...(label !== undefined && { label }), raw: raw === 1 };
}

function seedOf({ seed = '' }: Options): string {
  return seed;
}
