/** What the Worker answers, as tests read it. */

import { expect } from 'vitest';

export interface DigitDocument {
  readonly seed: string;
  /** In place of a seed. */
  readonly latent?: string;
  readonly label: number;
  /** The class that was asked for, where it is another. */
  readonly asked?: number;
  readonly confidence: number;
  readonly model: string;
  readonly pixels: number[];
  readonly url: string;
}

export interface SeriesDocument {
  readonly model: string;
  readonly count: number;
  readonly digits: readonly DigitDocument[];
}

export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** Where parameters are wrong. */
  readonly errors: readonly { parameter: string; found: string; expected: string }[];
  /** Where `Accept` allows no format. */
  readonly available?: readonly string[];
  /** Where only the ending of a path is wrong. */
  readonly endings?: readonly string[];
  /** Where another model was asked for: the current one, and those before it. */
  readonly model?: string;
  readonly earlier?: readonly string[];
}

export async function bytesOf(response: Response): Promise<Uint8Array> {
  return new Uint8Array(await response.arrayBuffer());
}

/** The document of an answer, which has to be a problem that no cache keeps. */
export async function problemOf(response: Response): Promise<ProblemDocument> {
  expect(response.headers.get('Content-Type')).toBe('application/problem+json');
  expect(response.headers.get('Cache-Control')).toBe('no-store');
  const problem = (await response.json()) as ProblemDocument;
  expect(problem).toMatchObject({
    type: expect.any(String),
    title: expect.any(String),
    status: response.status,
    detail: expect.any(String),
  });
  return problem;
}
