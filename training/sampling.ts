/**
 * Digits to files, without a server. What the Worker answers comes from the Worker's own app; a series
 * of data, which may be too long to be held in memory, is written digit by digit.
 */
import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';

import { createApp } from '../src/app.ts';
import { idxHeader } from '../src/image/idx.ts';
import { npyHeader } from '../src/image/npy.ts';
import { DIGIT_SIDE, type Model } from '../src/model.ts';
import { type Options, ParameterErrors, type ParameterError, readOptions } from '../src/options.ts';
import { digitInSeries } from '../src/resources.ts';
import { freshSeed } from '../src/sampler/seed.ts';
import { TEMPORARY, writeAtomically } from './atomic.ts';
import { UsageError } from './failure.ts';

/** What is asked for, in the terms of the Worker. */
export interface Request {
  /** The ending of the path, without the dot. */
  format: string;
  /** Whether it is one digit (`/digit`) or a series (`/digits`). */
  isSeries: boolean;
  /** Whether it is a series of plain pixels, which is written digit by digit. */
  isSeriesOfData: boolean;
  count: number;
  query: URLSearchParams;
}

const PARAMETERS = ['count', 'seed', 'label', 'raw', 'scale', 'cols', 'fg', 'bg'] as const;
const ONE = ['png', 'svg', 'json', 'txt', 'npy'];
const SERIES = ['png', 'svg', 'json', 'npy', 'idx'];
const DATA = new Set(['npy', 'idx']);

/** Where `npm start` serves, so that the URLs in a document are those that it would have. */
const ORIGIN = 'http://localhost:8787';
/** The Worker's bound on pictures; its bound on the count guards CPU time, which is not short here. */
const VARIABLES = { MAX_PICTURE_PIXELS: 2 ** 20, MAX_COUNT: 100_000 };
const MOST_DIGITS = 100_000_000;

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
  // An IDX file always holds a series, be it of one digit.
  const isSeries = parameters['count'] !== null || format === 'idx';
  const formats = isSeries ? SERIES : ONE;
  if (!formats.includes(format)) {
    const endings = formats.map((name) => `.${name}`).join(' ');
    const what = isSeries ? 'for a series' : 'for one digit';
    throw new UsageError(`--out: found '${ending}', expected one of ${endings} ${what}.`);
  }
  const query = new URLSearchParams();
  const given = isSeries ? { ...parameters, count: parameters['count'] ?? '1' } : parameters;
  for (const [name, value] of Object.entries(given)) if (value !== null) query.set(name, value);
  const options = optionsOf(query);
  const isSeriesOfData = isSeries && DATA.has(format);
  return { format, isSeries, isSeriesOfData, count: options.count ?? 1, query };
}

/** All that is wrong with the parameters is wrong use, whether this format uses them or not. */
function optionsOf(query: URLSearchParams): Options {
  try {
    return readOptions(`${query}`, PARAMETERS, {}, MOST_DIGITS);
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
  const path = `${request.isSeries ? '/digits' : '/digit'}.${request.format}?${request.query}`;
  const response = await createApp(model).request(ORIGIN + path, {}, VARIABLES);
  if (!response.ok) {
    const { errors } = (await response.json()) as { errors: readonly ParameterError[] };
    throw usageError(errors);
  }
  writeAtomically(out, new Uint8Array(await response.arrayBuffer()));
  const seed = decodeURIComponent(response.headers.get('X-Digit-Seed') ?? '');
  const label = response.headers.get('X-Digit-Label');
  const reads = label === null ? '' : `, a ${label}`;
  return `${out}: ${describe(request.count)} of the seed '${seed}'${reads}`;
}

/** Digits between two steps of the progress bar, and in one write. */
const CHUNK = 250;

/**
 * Writes a series of digits one after the other, and beside `NAME.idx` their labels as
 * `NAME.labels.idx`; returns what to say about it. Files are not there before they are whole.
 */
export function sampleSeries(
  model: Model,
  { format, count, query }: Request,
  out: string,
  progress: (done: number) => void,
): string {
  const options = { seed: freshSeed(), ...optionsOf(query) };
  if (options.label !== undefined && options.raw === 1 && !model.isLabelled) {
    const found = `--label: found ${options.label} with --raw`;
    throw new UsageError(`${found}, expected one of them: the generator here is not told a class.`);
  }
  const header = format === 'idx' ? idxHeader : npyHeader;
  const images = openPartial(out);
  const labels = format === 'idx' ? openPartial(out.replace(/\.idx$/i, '.labels.idx')) : undefined;
  try {
    images.write(header([count, DIGIT_SIDE, DIGIT_SIDE]));
    labels?.write(idxHeader([count]));
    for (let start = 0; start < count; start += CHUNK) {
      const size = Math.min(CHUNK, count - start);
      const digits = Array.from({ length: size }, (_, i) =>
        digitInSeries(model, options, start + i),
      );
      for (const { pixels } of digits) images.write(pixels);
      labels?.write(Uint8Array.from(digits, ({ label }) => label));
      progress(start + size);
    }
    images.finish();
    labels?.finish();
  } finally {
    images.discard();
    labels?.discard();
  }
  const beside = labels === undefined ? '' : `, their labels in ${labels.path}`;
  return `${out}: ${describe(count)} of the seed '${options.seed}'${beside}`;
}

function describe(count: number): string {
  return count === 1 ? 'one digit' : `${count} digits`;
}

interface PartialFile {
  path: string;
  write(bytes: Uint8Array): void;
  /** Gives the file its name. */
  finish(): void;
  /** Removes it, unless it is finished. */
  discard(): void;
}

function openPartial(path: string): PartialFile {
  const temporary = `${path}${TEMPORARY}`;
  const file = openSync(temporary, 'w');
  let isOpen = true;
  return {
    path,
    write(bytes) {
      for (let at = 0; at < bytes.length; at += writeSync(file, bytes, at)) continue;
    },
    finish() {
      closeSync(file);
      isOpen = false;
      renameSync(temporary, path);
    },
    discard() {
      if (!isOpen) return;
      closeSync(file);
      rmSync(temporary);
    },
  };
}
