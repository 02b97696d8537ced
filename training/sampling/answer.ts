/** A file with what the Worker answers, by the Worker's own app, without a server. */

import { createApp } from '../../src/app.ts';
import { DIGIT, type Motif, nounOf } from '../../src/digit.ts';
import type { ParameterError } from '../../src/http/query.ts';
import type { Model } from '../../src/weights/model.ts';
import { Failure } from '../cli/failure.ts';
import { writeAtomically } from '../cli/files.ts';
import { type SampleRequest, usageError } from './request.ts';

/** More than at the edge, where CPU time is short; an answer has to fit into memory all the same. */
const BINDINGS = { MAX_COUNT: 10_000 };

/** Writes the answer to this request. @returns what to say about it */
export async function sampleAnswer(
  model: Model,
  request: SampleRequest,
  out: string,
): Promise<string> {
  const { path, number, count, query } = request;
  const response = await createApp(model).request(`${path}?${query.toString()}`, {}, BINDINGS);
  if (!response.ok) throw failureOf((await response.json()) as ProblemDocument, request);
  writeAtomically(out, new Uint8Array(await response.arrayBuffer()));
  const seed = response.headers.get('X-Digit-Seed');
  const source = seed === null ? 'the latent' : `the seed '${decodeURIComponent(seed)}'`;
  const label = response.headers.get('X-Digit-Label');
  const isA = label === null ? '' : `, ${describeClass(model, Number(label))}`;
  const asked = response.headers.get('X-Digit-Asked');
  const missed =
    asked === null ? '' : `; none of its candidates is ${describeClass(model, Number(asked))}`;
  const what = number === undefined ? amountOf(count ?? 1, model.motif) : `the number ${number}`;
  return `${out}: ${what} of ${source}${isA}${missed}`;
}

interface ProblemDocument {
  readonly detail: string;
  readonly errors?: readonly ParameterError[];
}

function failureOf({ detail, errors }: ProblemDocument, { count, query }: SampleRequest): Failure {
  if (errors === undefined) return new Failure(detail);
  const [first] = errors;
  // The bound is on scale, but it was the count that passed it.
  const isCount = first.parameter === 'scale' && !query.has('scale') && count !== undefined;
  return usageError([isCount ? { ...first, parameter: 'count', found: `${count}` } : first]);
}

/** "one digit", "7 digits"; of other things "7 pictures" */
export function amountOf(count: number, motif: Motif): string {
  const noun = nounOf(motif);
  return count === 1 ? `one ${noun}` : `${count} ${noun}s`;
}

/** "a 7", or "a picture of class Trouser" */
function describeClass({ motif }: Model, label: number): string {
  const name = motif.classes.find(({ number }) => number === label)?.name ?? label;
  return motif.title === DIGIT ? `a ${label}` : `a picture of class ${name}`;
}
