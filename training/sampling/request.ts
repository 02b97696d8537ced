/** What `npm run sample` is asked for, in the terms of the Worker. */

import type { PictureClass } from '../../src/digit.ts';
import {
  digitFormats,
  digitsFormats,
  type Format,
  numberFormats,
} from '../../src/encoders/formats.ts';
import type { Options } from '../../src/http/parameters.ts';
import { type ParameterError, ParameterProblem, readOptions } from '../../src/http/query.ts';
import { UsageError } from '../cli/failure.ts';

export interface SampleRequest {
  /** The path that answers it, with its ending. */
  readonly path: string;
  /** The ending of the path, without the dot. */
  readonly format: string;
  /** The figures of a number (`/number/2024`). */
  readonly number: string | undefined;
  /** How many digits a series has (`/digits`); undefined for one digit (`/digit`). */
  readonly count: number | undefined;
  /** In formats that are a header, then the pixels: those are written digit by digit. */
  readonly headerOf: Format<never>['headerOf'];
  /** The parameters, checked, and the query that asks for them. */
  readonly options: Options;
  readonly query: URLSearchParams;
}

const PARAMETERS = [
  'number',
  'count',
  'seed',
  'latent',
  'label',
  'raw',
  'scale',
  'cols',
  'fg',
  'bg',
] as const;
/** In a file that is written digit by digit. */
const MAX_FILE_DIGITS = 100_000_000;

type SampleFormat = Pick<Format<never>, 'name' | 'headerOf'>;

/** What a file may hold. */
interface Kind {
  readonly name: string;
  readonly formats: readonly SampleFormat[];
}

/** Formats of what is short, which the app answers whole. */
function withoutHeaders(formats: readonly SampleFormat[]): readonly SampleFormat[] {
  return formats.map(({ name }) => ({ name }));
}

/** The formats of `/digit`, and those of raw pixels that have a series only (IDX): then it is a series of one. */
const ONE: Kind = {
  name: 'one digit',
  formats: [
    ...withoutHeaders(digitFormats),
    ...digitsFormats.filter(
      ({ name, headerOf }) => headerOf && digitFormats.every((format) => format.name !== name),
    ),
  ],
};
const SERIES: Kind = { name: 'a series', formats: digitsFormats };
const NUMBER: Kind = { name: 'a number', formats: withoutHeaders(numberFormats) };

/** What a latent gives is one digit, which is no series. */
const OF_LATENT: Kind = { name: 'the digit of a latent', formats: withoutHeaders(digitFormats) };

/** The endings of files with one digit, for the command's help. */
export const ENDINGS = endingsOf(ONE.formats);

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
  const kind = kindOf(parameters);
  const format = kind.formats.find(({ name }) => `.${name}` === ending.toLowerCase());
  if (!format) {
    const expected = `one of ${endingsOf(kind.formats)} for ${kind.name}`;
    throw new UsageError(`--out: found '${ending}', expected ${expected}.`);
  }
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== null) query.set(name, value);
  }
  const options = optionsOf(query, classes);
  query.delete('number');
  const { name, headerOf } = format;
  const { count, number } = options;
  const path =
    number === undefined ? `/digit${count === undefined ? '' : 's'}` : `/number/${number}`;
  return { path: `${path}.${name}`, format: name, count, number, headerOf, options, query };
}

function kindOf(parameters: Readonly<Record<string, string | null>>): Kind {
  refuseTogether(parameters, 'latent', ['number', 'count', 'seed']);
  refuseTogether(parameters, 'number', ['count', 'label']);
  if (parameters['latent'] !== null) return OF_LATENT;
  if (parameters['number'] !== null) return NUMBER;
  return parameters['count'] === null ? ONE : SERIES;
}

function refuseTogether(
  parameters: Readonly<Record<string, string | null>>,
  name: string,
  others: readonly string[],
): void {
  const other = others.find((each) => parameters[each] !== null);
  if (parameters[name] === null || other === undefined) return;
  const found = `found '${parameters[other]}' with --${name}`;
  throw new UsageError(`--${other}: ${found}, expected one of the two.`);
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
