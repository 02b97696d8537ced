/**
 * Digits to files, without a server. What the Worker answers comes from the Worker's own app; a series
 * of data, which may be too long to be held in memory, is written digit by digit.
 */

import { setImmediate as breathe } from 'node:timers/promises';

import { createApp } from '../../src/app.ts';
import { DIGIT_SIDE } from '../../src/digit.ts';
import { idxHeader } from '../../src/encoders/idx.ts';
import { npyHeader } from '../../src/encoders/npy.ts';
import {
  type Options,
  ParameterErrors,
  type ParameterError,
  readOptions,
} from '../../src/http/parameters.ts';
import { digitInSeries, mint } from '../../src/routes/resources.ts';
import { freshSeed } from '../../src/sampler/seed.ts';
import { type Model } from '../../src/weights/model.ts';
import { Failure, UsageError } from '../cli/failure.ts';
import { PartialFiles, writeAtomically } from '../cli/files.ts';

/** What is asked for, in the terms of the Worker. */
export interface Request {
  /** The ending of the path, without the dot. */
  format: string;
  /** How many digits a series has (`/digits`); undefined for one digit (`/digit`). */
  count: number | undefined;
  /** Whether it is plain pixels, which are written digit by digit. */
  isData: boolean;
  query: URLSearchParams;
}

const PARAMETERS = ['count', 'seed', 'label', 'raw', 'scale', 'cols', 'fg', 'bg'] as const;
const ONE = ['png', 'svg', 'json', 'txt', 'npy', 'idx'];
const SERIES = ['png', 'svg', 'json', 'npy', 'idx'];

/** Where `npm start` serves, so that the URLs in a document are those that it would have. */
const ORIGIN = 'http://localhost:8787';
/** The Worker's bound on pictures; its bound on the count guards CPU time, which is not short here. */
const BINDINGS = {
  MAX_PICTURE_PIXELS: 2 ** 20,
  MAX_COUNT: 10_000,
  RATE_LIMIT: 'off',
  RATE_LIMIT_PERIOD_S: 0,
};
const MAX_DIGITS = 100_000_000;

/**
 * @param ending of the file, with its dot
 * @param parameters by name, null where they are not given
 * @throws UsageError
 */
export function requestOf(
  ending: string,
  parameters: Readonly<Record<string, string | null>>,
): Request {
  const format = ending.slice(1).toLowerCase();
  const isSeries = parameters['count'] !== null;
  const formats = isSeries ? SERIES : ONE;
  if (!formats.includes(format)) {
    const endings = formats.map((name) => `.${name}`).join(' ');
    const what = isSeries ? 'for a series' : 'for one digit';
    throw new UsageError(`--out: found '${ending}', expected one of ${endings} ${what}.`);
  }
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== null) query.set(name, value);
  }
  const { count } = optionsOf(query);
  // IDX has no form for a single picture: one digit is a series of one.
  return { format, count, query, isData: format === 'idx' || (format === 'npy' && isSeries) };
}

/** All that is wrong with the parameters is wrong use, whether this format uses them or not. */
function optionsOf(query: URLSearchParams): Options {
  try {
    return readOptions(`${query}`, PARAMETERS, {}, MAX_DIGITS);
  } catch (error) {
    throw error instanceof ParameterErrors ? usageError(error.errors) : error;
  }
}

function usageError([first]: readonly ParameterError[]): UsageError {
  return new UsageError(
    `--${first.parameter}: found '${first.found}', expected ${first.expected}.`,
  );
}

/** Writes what the Worker answers to this request; returns what to say about it. */
export async function sampleAnswer(model: Model, request: Request, out: string): Promise<string> {
  const { count, format, query } = request;
  const path = `${count === undefined ? '/digit' : '/digits'}.${format}?${query}`;
  const response = await createApp(model).request(ORIGIN + path, {}, BINDINGS);
  if (!response.ok) throw failureOf((await response.json()) as ProblemDocument, request);
  writeAtomically(out, new Uint8Array(await response.arrayBuffer()));
  const seed = decodeURIComponent(response.headers.get('X-Digit-Seed') ?? '');
  const label = response.headers.get('X-Digit-Label');
  const reads = label === null ? '' : `, a ${label}`;
  return `${out}: ${describe(count ?? 1)} of the seed '${seed}'${reads}`;
}

interface ProblemDocument {
  detail: string;
  errors?: readonly ParameterError[];
}

function failureOf({ detail, errors }: ProblemDocument, { count, query }: Request): Failure {
  if (errors === undefined) return new Failure(detail);
  const [first] = errors;
  // The bound is on scale, but it was the count that passed it.
  const isCount = first.parameter === 'scale' && !query.has('scale') && count !== undefined;
  return usageError([isCount ? { ...first, parameter: 'count', found: `${count}` } : first]);
}

/** Digits between two steps of the progress bar, and two chances for Ctrl-C to be heard. */
const CHUNK = 250;

/** How long work goes on, and what it tells on the way. */
export interface Watch {
  progress(done: number): void;
  interrupted(): boolean;
}

/**
 * Writes digits as plain pixels one after the other, and beside `NAME.idx` their labels as
 * `NAME.labels.idx`. Files get their names when they are whole, and none if it is interrupted.
 * @returns what to say about it; undefined if it was interrupted
 */
export async function sampleData(
  model: Model,
  { format, count, query }: Request,
  out: string,
  { progress, interrupted }: Watch,
): Promise<string | undefined> {
  const options = { seed: freshSeed(), ...optionsOf(query) };
  if (options.label !== undefined && options.raw === 1 && !model.isConditional) {
    const found = `--label: found ${options.label} with --raw`;
    throw new UsageError(`${found}, expected one of them: the generator here is not told a class.`);
  }
  const digitAt = (index: number) =>
    count === undefined ? mint(model, options.seed, options) : digitInSeries(model, options, index);
  const total = count ?? 1;
  const files = new PartialFiles();
  try {
    const images = files.open(out);
    const labelsPath = out.replace(/\.idx$/i, '.labels.idx');
    const labels = format === 'idx' ? files.open(labelsPath) : undefined;
    images.write((format === 'idx' ? idxHeader : npyHeader)([total, DIGIT_SIDE, DIGIT_SIDE]));
    labels?.write(idxHeader([total]));
    for (let start = 0; start < total; start += CHUNK) {
      await breathe();
      if (interrupted()) return undefined;
      const size = Math.min(CHUNK, total - start);
      const digits = Array.from({ length: size }, (_, i) => digitAt(start + i));
      for (const { pixels } of digits) images.write(pixels);
      labels?.write(Uint8Array.from(digits, ({ label }) => label));
      progress(start + size);
    }
    files.finish();
    const beside = labels === undefined ? '' : `, labels in ${labelsPath}`;
    return `${out}: ${describe(total)} of the seed '${options.seed}'${beside}`;
  } finally {
    files.discard();
  }
}

function describe(count: number): string {
  return count === 1 ? 'one digit' : `${count} digits`;
}
