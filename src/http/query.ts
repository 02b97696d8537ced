/**
 * Reads the parameters of a query. Nothing is clamped or guessed, and parameters that an answer does not use
 * are ignored, even if malformed. URLSearchParams will not do: it repairs what is malformed.
 */

import * as v from 'valibot';

import type { PictureClass } from '../digit.ts';
import { MAX_COUNT } from './bounds.ts';
import { countUpTo, labelAmong, type Options, type ParameterName, schemas } from './parameters.ts';
import { Problem } from './problem.ts';

/** One wrong parameter. */
export interface ParameterError {
  readonly parameter: ParameterName;
  readonly found: string;
  readonly expected: string;
}

/** Parameters are malformed, out of range, or given twice. */
export class ParameterProblem extends Problem {
  readonly errors: readonly ParameterError[];

  constructor(errors: readonly ParameterError[]) {
    super(400, `${errors.map(describe).join('; ')}.`, { errors });
    this.errors = errors;
  }
}

function describe({ parameter, found, expected }: ParameterError): string {
  return `${parameter} is ${JSON.stringify(found)}, expected ${expected}`;
}

/** Parameters that the path fixes, by name. */
export type Settled = Readonly<Partial<Record<ParameterName, string>>>;

/** What parameters depend on beside their text. */
export interface Bounds {
  readonly settled?: Settled;
  /** The bound on `count`. */
  readonly maxCount?: number;
  /** What `label` may name. */
  readonly classes?: readonly PictureClass[];
}

/**
 * The values of the parameters `names`, as far as they are given.
 * @param query without its "?"
 * @param bounds with what the path fixes; a query that repeats it gives it twice
 * @throws ParameterProblem that lists everything that is wrong
 */
export function readOptions(
  query: string,
  names: readonly ParameterName[],
  { settled = {}, maxCount = MAX_COUNT, classes = [] }: Bounds = {},
): Options {
  const given = readQuery(query);
  for (const [name, value] of Object.entries(settled)) {
    given.set(name, [value, ...(given.get(name) ?? [])]);
  }
  const schemaOf = (parameter: ParameterName) => {
    if (parameter === 'label') return labelAmong(classes);
    const isBounded = parameter === 'count' && maxCount !== MAX_COUNT;
    return isBounded ? countUpTo(maxCount) : schemas[parameter];
  };
  const errors: ParameterError[] = [];
  const options: [ParameterName, string | number][] = [];
  for (const parameter of names) {
    const values = given.get(parameter) ?? [];
    if (values.length === 0) continue;
    const result = values.length === 1 ? check(schemaOf(parameter), values[0]) : GIVEN_TWICE;
    if ('value' in result) options.push([parameter, result.value]);
    else errors.push({ parameter, found: shorten(values.map(show).join(' and ')), ...result });
  }
  if (errors.length > 0) throw new ParameterProblem(errors);
  return Object.fromEntries(options);
}

const GIVEN_TWICE = { expected: 'a single value' };

function check(
  schema: (typeof schemas)[ParameterName],
  encoded: string,
): { value: string | number } | { expected: string } {
  const text = decode(encoded);
  if (text === undefined) return { expected: 'percent-encoded UTF-8' };
  const result = v.safeParse(schema, text);
  return result.success ? { value: result.output } : { expected: result.issues[0].message };
}

/** What follows the "?" of a URL. */
export function queryOf(url: string): string {
  const [address] = url.split('#', 1);
  return address.includes('?') ? address.slice(address.indexOf('?') + 1) : '';
}

/** Still encoded values by decoded name. */
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

/** @returns undefined for a broken percent sign and for bytes that are not UTF-8 */
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
