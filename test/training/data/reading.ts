/** Reads data for the tests of data: with every option that a test does not name at its default. */

import { expect } from 'vitest';

import { Failure } from '../../../training/cli/failure.ts';
import type { Dataset } from '../../../training/data/dataset.ts';
import { DATA_DEFAULTS, type DataOptions, type Parts } from '../../../training/data/options.ts';
import { readBoth, readDataset } from '../../../training/data/read.ts';

export interface Heard<Data> {
  readonly data: Data;
  /** What a user was told. */
  readonly lines: readonly string[];
}

export async function read(
  options: Partial<DataOptions>,
  needsLabels = true,
): Promise<Heard<Dataset>> {
  const lines: string[] = [];
  const reading = { needsLabels, say: (line: string) => lines.push(line) };
  return { data: await readDataset({ ...DATA_DEFAULTS, ...options }, reading), lines };
}

export async function readParts(
  options: Partial<DataOptions>,
  needsLabels = true,
): Promise<Heard<Parts>> {
  const lines: string[] = [];
  const reading = { needsLabels, say: (line: string) => lines.push(line) };
  return { data: await readBoth({ ...DATA_DEFAULTS, ...options }, reading), lines };
}

/** The one line in which reading ends. */
export async function refusalOf(
  options: Partial<DataOptions>,
  { exitCode = 1, needsLabels = true } = {},
): Promise<string> {
  const error = await readParts(options, needsLabels).catch((thrown: unknown) => thrown);
  if (!(error instanceof Failure)) throw new Error('expected a refusal', { cause: error });
  expect(error).toMatchObject({ exitCode, message: expect.not.stringContaining('\n') });
  return error.message;
}
