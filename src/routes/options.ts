/** What a request asks of a resource, checked against the format, the model and the operator's bounds. */

import { DIGIT_SIDE } from '../digit.ts';
import type { Settings } from '../http/bindings.ts';
import { DEFAULTS, type Options, type ParameterName } from '../http/parameters.ts';
import { Problem } from '../http/problem.ts';
import { ParameterProblem, queryOf, readOptions } from '../http/query.ts';
import type { Model } from '../weights/model.ts';
import type { Representation } from './resource.ts';

/** Unconditional generators search for a class, so at most 10 digits. */
const MAX_SEARCHED = 10;

/**
 * @param label the class that the path names, if it does
 * @throws ParameterProblem; Problem 404 for a model that is not here
 */
export function optionsOf<Content>(
  url: string,
  { resource, format, parameters }: Representation<Content>,
  label: string | undefined,
  model: Model,
  { maxCount, maxPixels }: Settings,
): Options {
  const settled = label === undefined ? {} : { label };
  const given = readOptions(queryOf(url), parameters, { settled, maxCount });
  const options = resource.parameters.includes('count') ? withCount(given, maxCount) : given;
  if (format.options.includes('scale')) checkSize(options, resource.cells(options), maxPixels);
  if (!model.isConditional) checkLabel(options, resource.digits(options));
  checkModel(options, model);
  return options;
}

/** A series without a count is as long as usual, if the operator allows that many. */
function withCount(options: Options, maxCount: number): Options {
  if (options.count !== undefined || maxCount >= DEFAULTS.count) return options;
  return { ...options, count: maxCount };
}

function checkSize({ scale = DEFAULTS.scale }: Options, cells: number, maxPixels: number): void {
  const pixels = cells * (DIGIT_SIDE * scale) ** 2;
  if (pixels <= maxPixels) return;
  const expected = `a picture of at most ${maxPixels} pixels over all frames, not ${pixels}`;
  throw wrong('scale', scale, expected);
}

/** For unconditional generators, which cannot be asked for a class. */
function checkLabel({ label, raw }: Options, digits: number): void {
  if (label === undefined) return;
  const why = 'since the generator is unconditional';
  if (raw === 1) throw wrong('label', label, `no label with raw=1, ${why}`);
  if (digits > MAX_SEARCHED) {
    throw wrong('label', label, `a count of at most ${MAX_SEARCHED} with a label, ${why}`);
  }
}

function checkModel({ model: asked }: Options, { hash, shownHash }: Model): void {
  if (asked === undefined || hash.startsWith(asked)) return;
  const detail = `Model ${asked} is not here; the current one is ${shownHash}.`;
  throw new Problem(404, detail, { model: shownHash });
}

function wrong(parameter: ParameterName, found: number, expected: string): ParameterProblem {
  return new ParameterProblem([{ parameter, found: `${found}`, expected }]);
}
