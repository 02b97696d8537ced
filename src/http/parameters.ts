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

const seed = (description: string) =>
  v.pipe(
    v.string(),
    v.minLength(1, SEED_EXPECTED),
    v.check((text) => [...text].length <= MAX_SEED_CHARACTERS, SEED_EXPECTED),
    v.metadata({ maxLength: MAX_SEED_CHARACTERS }),
    v.description(description),
  );

/** Six hex digits in lower case, whatever way it was written. */
const colour = (description: string) =>
  v.pipe(
    v.string(),
    v.regex(/^#?(?:[0-9a-f]{3}|[0-9a-f]{6})$/i, COLOUR_EXPECTED),
    v.transform((text) => {
      const digits = text.replace('#', '').toLowerCase();
      return digits.length === 6 ? digits : digits.replaceAll(/./g, '$&$&');
    }),
    v.description(description),
  );

const MAX_SEED_CHARACTERS = 64;
const SEED_EXPECTED = `1 to ${MAX_SEED_CHARACTERS} Unicode characters`;
const COLOUR_EXPECTED = 'a colour of 3 or 6 hex digits, such as 0af or 00aaff';
const MODEL_EXPECTED = "8 to 64 hex digits, the beginning of the model's hash";

/** @param most the operator's bound */
export function countUpTo(most: number) {
  return v.pipe(wholeNumber(1, most), v.description('How many digits.'));
}

/** What is taken where nothing is asked for. */
export const DEFAULTS = {
  raw: 0,
  count: 100,
  cols: 10,
  frames: 32,
  scale: 1,
  fg: 'ffffff',
  bg: '000000',
} as const;

/** Each message says what is expected. */
export const schemas = {
  seed: seed('The same seed gives the same digit; without it, a fresh one is drawn.'),
  from: seed('The seed of the digit that a walk starts at; without it, a fresh one is drawn.'),
  to: seed('The seed of the digit that a walk ends at; without it, a fresh one is drawn.'),
  label: v.pipe(wholeNumber(0, 9), v.description('The class of the digit.')),
  raw: v.pipe(
    wholeNumber(0, 1),
    v.description('With 1, the first candidate as it is, whether the classifier is sure or not.'),
  ),
  count: countUpTo(DEFAULTS.count),
  cols: v.pipe(wholeNumber(1, 100), v.description('How many digits a row of the grid has.')),
  frames: v.pipe(wholeNumber(2, 64), v.description('How many pictures the walk is shown in.')),
  scale: v.pipe(wholeNumber(1, 32), v.description('Each pixel is that many pixels wide.')),
  fg: colour('The colour of the ink.'),
  bg: colour('The colour of the paper.'),
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
 * @param query without its "?"
 * @param settled what the path says already; in the query too, it is given twice
 * @param maxCount the bound on `count`
 * @throws ParameterErrors that lists all that is wrong
 */
export function readOptions(
  query: string,
  names: readonly ParameterName[],
  settled: Readonly<Partial<Record<ParameterName, string>>> = {},
  maxCount: number = DEFAULTS.count,
): Options {
  const given = readQuery(query);
  for (const [name, value] of Object.entries(settled)) {
    given.set(name, [value, ...(given.get(name) ?? [])]);
  }
  const errors: ParameterError[] = [];
  const options: [ParameterName, string | number][] = [];
  for (const parameter of names) {
    const values = given.get(parameter) ?? [];
    if (values.length === 0) continue;
    const schema =
      parameter === 'count' && maxCount !== DEFAULTS.count
        ? countUpTo(maxCount)
        : schemas[parameter];
    const result = values.length === 1 ? check(schema, values[0]) : GIVEN_TWICE;
    if ('value' in result) options.push([parameter, result.value]);
    else errors.push({ parameter, found: shorten(values.map(show).join(' and ')), ...result });
  }
  if (errors.length > 0) throw new ParameterErrors(errors);
  return Object.fromEntries(options);
}

const GIVEN_TWICE = { expected: 'it to be given once' };

function check(
  schema: (typeof schemas)[ParameterName],
  encoded: string,
): { value: string | number } | { expected: string } {
  const text = decode(encoded);
  if (text === undefined) return { expected: 'percent-encoded UTF-8' };
  const result = v.safeParse(schema, text);
  return result.success ? { value: result.output } : { expected: result.issues[0].message };
}

/** Still encoded values by decoded name. URLSearchParams will not do: it repairs what is malformed. */
function readQuery(query: string): Map<string, string[]> {
  const given = new Map<string, string[]>();
  for (const pair of query.split('&')) {
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
