/**
 * What a request may ask for: one schema for each parameter, and reading them from a query.
 * Nothing is clamped or guessed. Parameters that an answer does not use are not even looked at.
 */

import * as v from 'valibot';

const wholeNumber = (lowest: number, highest: number) => {
  const expected = `a whole number ${lowest} … ${highest}`;
  return v.pipe(
    v.string(),
    v.regex(/^[0-9]+$/, expected),
    v.transform(Number),
    v.minValue(lowest, expected),
    v.maxValue(highest, expected),
  );
};

const MAX_SEED_CHARACTERS = 64;
const SEED_EXPECTED = `1 to ${MAX_SEED_CHARACTERS} Unicode characters`;
const MODEL_EXPECTED = "8 to 64 hex digits, the beginning of the model's hash";

/** Each message says what is expected. */
const schemas = {
  seed: v.pipe(
    v.string(),
    v.minLength(1, SEED_EXPECTED),
    v.check((seed) => [...seed].length <= MAX_SEED_CHARACTERS, SEED_EXPECTED),
    v.description('The same seed gives the same digit; without it, a fresh one is drawn.'),
  ),
  scale: v.pipe(wholeNumber(1, 32), v.description('Each pixel is that many pixels wide.')),
  model: v.pipe(
    v.string(),
    v.regex(/^[0-9a-f]{8,64}$/i, MODEL_EXPECTED),
    v.toLowerCase(),
    v.description('The model that the digit must come from.'),
  ),
};

export type ParameterName = keyof typeof schemas;
/** What was asked for, checked; a parameter that was not given is absent. */
export type Options = { readonly [Name in ParameterName]?: v.InferOutput<(typeof schemas)[Name]> };

/** One wrong parameter, as `errors` of a problem document lists it. */
export interface ParameterError {
  readonly parameter: ParameterName;
  readonly found: string;
  readonly expected: string;
}

/** A parameter is malformed, out of range, or given twice. */
export class ParameterErrors extends Error {
  override readonly name = 'ParameterErrors';
  readonly errors: readonly ParameterError[];

  constructor(errors: readonly ParameterError[]) {
    super(errors.map(describeError).join('; '));
    this.errors = errors;
  }
}

function describeError({ parameter, found, expected }: ParameterError): string {
  return `${parameter} is ${JSON.stringify(found)}, expected ${expected}`;
}

/**
 * The parameters `names` from a URL's query; others are ignored.
 * @param query with or without its "?"
 * @throws ParameterErrors that lists all that is wrong
 */
export function readOptions(query: string, names: readonly ParameterName[]): Options {
  const given = readQuery(query);
  const errors: ParameterError[] = [];
  const options: [ParameterName, string | number][] = [];
  for (const parameter of names) {
    const values = given.get(parameter) ?? [];
    if (values.length === 0) continue;
    const result = values.length === 1 ? check(parameter, values[0]) : GIVEN_TWICE;
    if ('value' in result) options.push([parameter, result.value]);
    else errors.push({ parameter, found: shorten(values.map(show).join(' and ')), ...result });
  }
  if (errors.length > 0) throw new ParameterErrors(errors);
  return Object.fromEntries(options);
}

const GIVEN_TWICE = { expected: 'it to be given once' };

function check(
  parameter: ParameterName,
  encoded: string,
): { value: string | number } | { expected: string } {
  const text = decode(encoded);
  if (text === undefined) return { expected: 'percent-encoded UTF-8' };
  const result = v.safeParse(schemas[parameter], text);
  return result.success ? { value: result.output } : { expected: result.issues[0].message };
}

/** Still encoded values by decoded name. URLSearchParams will not do: it repairs what is malformed. */
function readQuery(query: string): Map<string, string[]> {
  const given = new Map<string, string[]>();
  for (const pair of query.replace(/^\?/, '').split('&')) {
    const [encodedName] = pair.split('=', 1);
    const name = decode(encodedName);
    if (name === undefined || pair === '') continue;
    const value = pair.slice(encodedName.length + 1);
    const values = given.get(name);
    if (values) values.push(value);
    else given.set(name, [value]);
  }
  return given;
}

/** undefined for a broken percent sign and for bytes that are not UTF-8. */
function decode(encoded: string): string | undefined {
  try {
    return decodeURIComponent(encoded.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

function show(encoded: string): string {
  return decode(encoded) ?? encoded;
}

function shorten(text: string): string {
  const characters = [...text];
  return characters.length <= 100 ? text : `${characters.slice(0, 100).join('')}…`;
}
