/** What `npm run sample` is asked for, in the terms of the Worker. */

import { digitFormats, digitsFormats, type Format } from '../../src/encoders/formats.ts';
import type { Options } from '../../src/http/parameters.ts';
import { type ParameterError, ParameterProblem, readOptions } from '../../src/http/query.ts';
import { UsageError } from '../cli/failure.ts';

export interface SampleRequest {
  /** The ending of the path, without the dot. */
  readonly format: string;
  /** How many digits a series has (`/digits`); undefined for one digit (`/digit`). */
  readonly count: number | undefined;
  /** What precedes the pixels, of formats that are nothing but pixels: those are written digit by digit. */
  readonly headerOf: Format<never>['headerOf'];
  /** All that is asked for, checked, and as the query that asks for it. */
  readonly options: Options;
  readonly query: URLSearchParams;
}

const PARAMETERS = ['count', 'seed', 'label', 'raw', 'scale', 'cols', 'fg', 'bg'] as const;
/** Of files that are written digit by digit. */
const MAX_COUNT = 100_000_000;

type SampleFormat = Pick<Format<never>, 'name' | 'headerOf'>;

/** Pixels of one digit are a series of one, where a format has no other form for them (IDX). */
const ONE: readonly SampleFormat[] = [
  ...digitFormats.map(({ name }) => ({ name })),
  ...digitsFormats.filter(
    ({ name, headerOf }) => headerOf && digitFormats.every((format) => format.name !== name),
  ),
];
const SERIES: readonly SampleFormat[] = digitsFormats;

/** The endings of files with one digit, as a command's help lists them. */
export const ENDINGS = endingsOf(ONE);

/**
 * @param ending of the file, with its dot
 * @param parameters by name, null where they are not given
 * @throws UsageError
 */
export function requestOf(
  ending: string,
  parameters: Readonly<Record<string, string | null>>,
): SampleRequest {
  const isSeries = parameters['count'] !== null;
  const formats = isSeries ? SERIES : ONE;
  const format = formats.find(({ name }) => `.${name}` === ending.toLowerCase());
  if (!format) {
    const what = isSeries ? 'for a series' : 'for one digit';
    throw new UsageError(
      `--out: found '${ending}', expected one of ${endingsOf(formats)} ${what}.`,
    );
  }
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== null) query.set(name, value);
  }
  const options = optionsOf(query);
  const { name, headerOf } = format;
  return { format: name, count: options.count, headerOf, options, query };
}

function endingsOf(formats: readonly SampleFormat[]): string {
  return formats.map(({ name }) => `.${name}`).join(' ');
}

/** Whatever is wrong with a parameter is wrong use, whether this format uses it or not. */
function optionsOf(query: URLSearchParams): Options {
  try {
    return readOptions(query.toString(), PARAMETERS, { maxCount: MAX_COUNT });
  } catch (error) {
    throw error instanceof ParameterProblem ? usageError(error.errors) : error;
  }
}

/** The first of them, as a flag. */
export function usageError([first]: readonly ParameterError[]): UsageError {
  return new UsageError(
    `--${first.parameter}: found '${first.found}', expected ${first.expected}.`,
  );
}
