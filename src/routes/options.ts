/** What a request asks of a resource, checked against the format, the model and the operator's bounds. */

import { describeNumbers, type Motif, type Size } from '../digit.ts';
import type { Format } from '../encoders/formats.ts';
import type { Settings } from '../http/bindings.ts';
import { latentOfText } from '../http/latent.ts';
import { DEFAULTS, type Options, type ParameterName, TRANSPARENT } from '../http/parameters.ts';
import { Problem } from '../http/problem.ts';
import { ParameterProblem, queryOf, readOptions, type Settled } from '../http/query.ts';
import type { Model } from '../weights/model.ts';
import type { Representation } from './resource.ts';

/**
 * Unconditional generators search for a class, which takes about as many draws for a digit as there are classes: that
 * many digits take about as many draws as a series of the usual length.
 */
function maxSearched({ classes }: Motif): number {
  return Math.max(1, Math.floor(DEFAULTS.count / classes.length));
}

/**
 * @param settled what the path says
 * @throws ParameterProblem; Problem 404 for a class that the path names and the model has not
 */
export function optionsOf<Content>(
  url: string,
  { resource, format, parameters }: Representation<Content>,
  settled: Settled,
  model: Model,
  { maxCount, maxPixels }: Settings,
): Options {
  const { motif } = model;
  if (settled.label !== undefined) checkClass(settled.label, motif);
  const { classes } = motif;
  const given = readOptions(queryOf(url), parameters, { settled, maxCount, classes });
  const options = resource.parameters.includes('count') ? withCount(given, maxCount) : given;
  if (format.options.includes('scale')) {
    checkSize(options, resource.cells(options), motif, maxPixels);
  }
  checkPaper(options, format);
  checkNumber(options, motif);
  if (!model.isConditional) checkLabel(options, resource.digits(options), motif);
  return options.latent === undefined ? options : withLatent(options, model);
}

/** A latent says all but the class, if the generator takes one: there are no candidates to take the first of. */
function withLatent(given: Options, model: Model): Options {
  const { raw: _, ...options } = given;
  const { seed, label, latent = '' } = options;
  const { latentSize, maxLatent } = model.sampler;
  const numbers = latentOfText(latent);
  if (!numbers || numbers.length !== latentSize || numbers.some((x) => Math.abs(x) > maxLatent)) {
    const expected = `${latentSize} whole numbers from -${maxLatent} to ${maxLatent}, each as 16 bits with the low byte first, in base64url without padding`;
    throw wrong('latent', latent.length > 100 ? `${latent.slice(0, 100)}…` : latent, expected);
  }
  if (seed !== undefined) throw wrong('seed', seed, 'no seed with a latent');
  if (label === undefined && model.isConditional) {
    throw wrong(
      'label',
      '',
      `${describeNumbers(model.motif.classes)} with a latent, since the generator is conditional`,
    );
  }
  if (label !== undefined && !model.isConditional) {
    throw wrong('label', label, 'no label with a latent, since the generator is unconditional');
  }
  return options;
}

/** A series without a count is as long as usual, if the operator allows that many. */
function withCount(options: Options, maxCount: number): Options {
  if (options.count !== undefined || maxCount >= DEFAULTS.count) return options;
  return { ...options, count: maxCount };
}

/** @param label the class that the path names */
function checkClass(label: string, { classes }: Motif): void {
  if (classes.some(({ number }) => `${number}` === label)) return;
  const known =
    classes.length === 0 ? 'the model has none' : `expected ${describeNumbers(classes)}`;
  throw new Problem(404, `There is no class ${label} here: ${known}.`);
}

function checkSize(
  { scale = DEFAULTS.scale }: Options,
  cells: number,
  { width, height }: Size,
  maxPixels: number,
): void {
  const pixels = cells * width * height * scale ** 2;
  if (pixels <= maxPixels) return;
  const expected = `a picture of at most ${maxPixels} pixels over all frames, not ${pixels}`;
  throw wrong('scale', scale, expected);
}

/** For formats in which paper cannot be left out. */
function checkPaper(
  { bg }: Options,
  { name, options }: Pick<Format<never>, 'name' | 'options'>,
): void {
  if (bg !== TRANSPARENT || !options.includes('colours') || options.includes('transparent')) return;
  const expected = `a colour, since ${name.toUpperCase()} has no ink that shines through`;
  throw wrong('bg', bg, expected);
}

/** A number's figures are classes. */
function checkNumber({ number }: Options, { classes }: Motif): void {
  if (number === undefined) return;
  const isDrawn = (figure: string) => classes.some((each) => each.number === Number(figure));
  if (Array.from(number).every(isDrawn)) return;
  const known = classes.length === 0 ? 'and the model has none' : describeNumbers(classes);
  throw wrong('number', number, `figures that are classes, ${known}`);
}

/** For unconditional generators, which cannot be asked for a class. */
function checkLabel({ label, number, raw }: Options, digits: number, motif: Motif): void {
  const name = number === undefined ? 'label' : 'number';
  const asked = number ?? label;
  if (asked === undefined) return;
  const why = 'since the generator is unconditional';
  if (raw === 1) throw wrong(name, asked, `no ${name} with raw=1, ${why}`);
  const max = maxSearched(motif);
  if (digits <= max) return;
  const expected =
    name === 'number' ? `at most ${max} digits` : `a count of at most ${max} with a label`;
  throw wrong(name, asked, `${expected}, ${why}`);
}

function wrong(
  parameter: ParameterName,
  found: string | number,
  expected: string,
): ParameterProblem {
  return new ParameterProblem([{ parameter, found: `${found}`, expected }]);
}
