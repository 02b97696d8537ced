/** What a request may ask for: a schema for each parameter. Reading them is up to query.ts. */

import * as v from 'valibot';

import { areNamed, describeNumbers, findClass, type PictureClass } from '../digit.ts';
import { sixHexDigits } from '../encoders/colours.ts';
import { MAX_COUNT } from './bounds.ts';

const MAX_SEED_CHARACTERS = 64;
const SEED_EXPECTED = `1 to ${MAX_SEED_CHARACTERS} Unicode characters`;
const COLOUR_EXPECTED = 'a colour of 3 or 6 hex digits, such as 0af or 00aaff';
const LATENT_EXPECTED = 'whole numbers of 16 bits in base64url, without padding';
const MODEL_EXPECTED = "the first 8 to 64 hex digits of the model's hash";

function wholeNumber(min: number, max: number) {
  const expected = `a whole number from ${min} to ${max}`;
  return v.pipe(
    v.string(),
    v.regex(/^[0-9]+$/, expected),
    v.transform(Number),
    v.number(),
    v.integer(expected),
    v.minValue(min, expected),
    v.maxValue(max, expected),
  );
}

function seed(description: string) {
  return v.pipe(
    v.string(),
    v.minLength(1, SEED_EXPECTED),
    v.maxCodePoints(MAX_SEED_CHARACTERS, SEED_EXPECTED),
    // In JSON Schema, the length of a text is its number of code points.
    v.metadata({ maxLength: MAX_SEED_CHARACTERS }),
    v.description(description),
  );
}

function colour(description: string) {
  return v.pipe(
    v.string(),
    v.regex(/^#?(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/, COLOUR_EXPECTED),
    v.transform(sixHexDigits),
    v.description(description),
  );
}

/** The colour of paper that is left out. */
export const TRANSPARENT = 'transparent';

function colourOrNone(description: string) {
  return v.pipe(
    v.string(),
    v.regex(
      /^(?:#?(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})|transparent)$/,
      `${COLOUR_EXPECTED}, or ${TRANSPARENT}`,
    ),
    v.transform((text) => (text === TRANSPARENT ? text : sixHexDigits(text))),
    v.description(description),
  );
}

/** @param max the operator's bound */
export function countUpTo(max: number) {
  return v.pipe(wholeNumber(1, max), v.description('How many digits.'));
}

/** Becomes the class's number. */
export function labelAmong(classes: readonly PictureClass[]) {
  return v.pipe(
    v.string(),
    v.transform((text) => findClass(classes, text)?.number),
    v.number(labelExpected(classes)),
    v.description('The class of the digit.'),
  );
}

function labelExpected(classes: readonly PictureClass[]): string {
  if (classes.length === 0) return 'no label, since the model has no classes';
  const numbers = describeNumbers(classes);
  if (!areNamed(classes)) return numbers;
  return `${numbers}, or a name: ${classes.map(({ name }) => name).join(', ')}`;
}

/** Parameters that paths alone give. */
export const PATH_PARAMETERS: readonly ParameterName[] = ['number'];

const NUMBER_EXPECTED = '1 to 32 digits from 0 to 9';

/** What applies where a parameter is not given. */
export const DEFAULTS = {
  raw: 0,
  count: 100,
  cols: 10,
  frames: 32,
  scale: 1,
  fg: 'ffffff',
  bg: '000000',
} as const;

/** The message of each step says what is expected. Operators bound `count`, and models `label`, which here has no class. */
export const schemas = {
  seed: seed('The same seed gives the same digit; without it, a fresh one is drawn.'),
  from: seed('The seed of the digit that a walk starts at; without it, a fresh one is drawn.'),
  to: seed('The seed of the digit that a walk ends at; without it, a fresh one is drawn.'),
  label: labelAmong([]),
  latent: v.pipe(
    v.string(),
    v.regex(/^[A-Za-z0-9_-]+$/, LATENT_EXPECTED),
    v.description(
      'What the generator draws the digit from, in place of a seed: the latent as whole numbers of 16 bits, low byte first, 4096 being 1, in base64url without padding. With a conditional generator, label says the class.',
    ),
  ),
  raw: v.pipe(
    wholeNumber(0, 1),
    v.description('With 1, the first candidate is taken, however confident the classifier is.'),
  ),
  count: countUpTo(MAX_COUNT),
  cols: v.pipe(wholeNumber(1, 100), v.description('How many digits a row of the grid has.')),
  frames: v.pipe(wholeNumber(2, 64), v.description('How many pictures the walk is shown in.')),
  scale: v.pipe(wholeNumber(1, 32), v.description('How many pixels wide each pixel is shown.')),
  fg: colour('The colour of the ink.'),
  bg: colourOrNone(
    'The colour of the paper; as PNG and SVG also transparent, which leaves it out.',
  ),
  number: v.pipe(
    v.string(),
    v.regex(/^[0-9]{1,32}$/, NUMBER_EXPECTED),
    v.description('The number that is written.'),
  ),
  model: v.pipe(
    v.string(),
    v.regex(/^[0-9a-fA-F]{8,64}$/, MODEL_EXPECTED),
    v.toLowerCase(),
    v.description('The model that the digit comes from: the current one, or an earlier one.'),
  ),
};

export type ParameterName = keyof typeof schemas;
/** The parameters of a request, checked; those that were not given are absent. */
export type Options = { readonly [Name in ParameterName]?: v.InferOutput<(typeof schemas)[Name]> };
