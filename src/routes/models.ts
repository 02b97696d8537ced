/** Which model a request names: the current one, or an earlier one. */

import type { Context } from 'hono';

import { assetReader } from '../http/assets.ts';
import type { AppEnv } from '../http/bindings.ts';
import { Problem } from '../http/problem.ts';
import { ParameterProblem, queryOf, readOptions } from '../http/query.ts';
import { type EarlierModels, ModelFileError } from '../weights/earlier.ts';
import type { Model } from '../weights/model.ts';

/** All that answer. */
export interface Models {
  readonly current: Model;
  readonly earlier: EarlierModels;
}

const RETRY_AFTER_S = 60;

/**
 * The model that `model` names, and the current one where it names none. What is malformed names none: it is up to
 * whoever reads all parameters, who lists everything that is wrong with them.
 * @throws Problem 404 if no model has that hash; Problem 503, by rejecting, if the model's file is not to be had
 */
export function modelOf(
  { req, env }: Context<AppEnv>,
  { current, earlier }: Models,
): Model | Promise<Model> {
  const digits = modelNamedIn(queryOf(req.url));
  if (digits === undefined || current.hash.startsWith(digits)) return current;
  const found = earlier.find(digits, assetReader(env));
  if (!found) throw unknown(digits, current.shownHash, earlier.names);
  return found instanceof Promise ? found.catch(refuse) : found;
}

function modelNamedIn(query: string): string | undefined {
  try {
    return readOptions(query, ['model']).model;
  } catch (error) {
    if (error instanceof ParameterProblem) return undefined;
    throw error;
  }
}

/** @param digits what was asked for */
function unknown(digits: string, model: string, earlier: readonly string[]): Problem {
  const others = earlier.length === 0 ? '' : `, and before it came ${earlier.join(', ')}`;
  const detail = `Model ${digits} is not here; the current one is ${model}${others}.`;
  return new Problem(404, detail, { model, earlier });
}

/** Only this model fails, and perhaps only now: no cache keeps it, and details go to the log. */
function refuse(error: unknown): never {
  if (!(error instanceof ModelFileError)) throw error;
  console.error(error);
  const detail = `Model ${error.model} cannot be read at the moment; try again in ${RETRY_AFTER_S} seconds.`;
  throw new Problem(503, detail, {}, { 'Retry-After': `${RETRY_AFTER_S}` });
}
