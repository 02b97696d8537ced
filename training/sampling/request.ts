/** What `npm run sample` is asked for, in the terms of the Worker. */

import type { PictureClass } from '../../src/digit.ts';
import { digitFormats, digitsFormats, type Format } from '../../src/encoders/formats.ts';
import type { Options } from '../../src/http/parameters.ts';
import { type ParameterError, ParameterProblem, readOptions } from '../../src/http/query.ts';
import { UsageError } from '../cli/failure.ts';

export interface SampleRequest {
  /** The ending of the path, without the dot. */
  readonly format: string;
  /** How many digits a series has (`/digits`); undefined for one digit (`/digit`). */
  readonly count: number | undefined;
  /** In formats that are a header, then the pixels: those are written digit by digit. */
  readonly headerOf: Format<never>['headerOf'];
  /** The parameters, checked, and the query that asks for them. */
  readonly options: Options;
  readonly query: URLSearchParams;
}

const PARAMETERS = ['count', 'seed', 'label', 'raw', 'scale', 'cols', 'fg', 'bg'] as const;
/** In a file that is written digit by digit. */
const MAX_FILE_DIGITS = 100_000_000;

type SampleFormat = Pick<Format<never>, 'name' | 'headerOf'>;

/** The formats of `/digit`, and those of raw pixels that have a series only (IDX): then it is a series of one. */
const ONE: readonly SampleFormat[] = [
  ...digitFormats.map(({ name }) => ({ name })),
  ...digitsFormats.filter(
    ({ name, headerOf }) => headerOf && digitFormats.every((format) => format.name !== name),
  ),
];
const SERIES: readonly SampleFormat[] = digitsFormats;

/** The endings of files with one digit, for the command's help. */
export const ENDINGS = endingsOf(ONE);

/**
 * @param ending of the file, with its dot
 * @param parameters by name, null where they are not given
 * @param classes that the model has
 * @throws UsageError
 */
export function requestOf(
  ending: string,
  parameters: Readonly<Record<string, string | null>>,
  classes: readonly PictureClass[],
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
  const options = optionsOf(query, classes);
  const { name, headerOf } = format;
  return { format: name, count: options.count, headerOf, options, query };
}

function endingsOf(formats: readonly SampleFormat[]): string {
  return formats.map(({ name }) => `.${name}`).join(' ');
}

/** A wrong parameter is wrong use, whether this format uses it or not. */
function optionsOf(query: URLSearchParams, classes: readonly PictureClass[]): Options {
  try {
    return readOptions(query.toString(), PARAMETERS, { maxCount: MAX_FILE_DIGITS, classes });
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
