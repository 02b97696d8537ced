/**
 * Settings that were read from a disk: checked as flags are, since whoever wrote them need not have been this program.
 * Defaults and bounds are in recipe.ts.
 */

import * as v from 'valibot';

import { quote } from '../../src/weights/quote.ts';
import { MAX_SIDE, MIN_SIDE } from '../data/options.ts';
import { ADDED_SETTINGS, SETTINGS, type Settings } from './recipe.ts';

interface Bounds {
  readonly min: number;
  readonly max: number;
}

function isWhole(x: unknown, { min, max }: Bounds): x is number {
  return Number.isInteger(x) && Number(x) >= min && Number(x) <= max;
}

// Each says what is expected.
const whole = (bounds: Bounds) =>
  v.custom<number>((x) => isWhole(x, bounds), `a whole number from ${bounds.min} to ${bounds.max}`);
const real = ({
  allows,
  expected,
}: {
  readonly allows: (x: number) => boolean;
  readonly expected: string;
}) => v.custom<number>((x) => typeof x === 'number' && allows(x), expected);
const isOn = v.boolean('true or false');
const path = v.pipe(v.string('a path'), v.nonEmpty('a path'));

const SCHEMA = v.object({
  epochs: whole(SETTINGS.epochs),
  stepsPerEpoch: whole(SETTINGS.stepsPerEpoch),
  batchSize: whole(SETTINGS.batchSize),
  latentSize: whole(SETTINGS.latentSize),
  generatorLearningRate: real(SETTINGS.generatorLearningRate),
  generatorBeta1: real(SETTINGS.generatorBeta1),
  discriminatorLearningRate: real(SETTINGS.discriminatorLearningRate),
  discriminatorBeta1: real(SETTINGS.discriminatorBeta1),
  labelSmoothing: real(SETTINGS.labelSmoothing),
  lrDecay: real(SETTINGS.lrDecay),
  ema: real(SETTINGS.ema),
  latentScale: real(SETTINGS.latentScale),
  seed: whole(SETTINGS.seed),
  conditional: isOn,
  threads: v.custom<number | 'auto'>(
    (x) => x === 'auto' || isWhole(x, SETTINGS.threads),
    `'auto' or a whole number from ${SETTINGS.threads.min} to ${SETTINGS.threads.max}`,
  ),
  data: v.nullable(path),
  transpose: isOn,
  invert: isOn,
  classes: v.nullable(v.pipe(v.string('names of classes'), v.nonEmpty('names of classes'))),
  classNames: v.nullable(path),
  side: v.nullable(whole({ min: MIN_SIDE, max: MAX_SIDE })),
  skipUnreadable: isOn,
  from: v.nullable(path),
  out: path,
  checkpointEvery: whole(SETTINGS.checkpointEvery),
  sampleEvery: whole(SETTINGS.sampleEvery),
  evaluateEvery: whole(SETTINGS.evaluateEvery),
  relaxedSimd: isOn,
});

/**
 * The settings of a saved run, of an earlier version too; whatever else `saved` has is left out.
 * @throws Error that says, without a full stop, which is missing or wrong, what was found and what is expected
 */
export function parseSettings(saved: unknown): Settings {
  if (typeof saved !== 'object' || saved === null) throw new Error('it has no settings');
  const { success, output, issues } = v.safeParse(SCHEMA, { ...ADDED_SETTINGS, ...saved });
  if (success) return output;
  const [issue] = issues;
  const name = v.getDotPath(issue) ?? '';
  if (!Object.hasOwn(saved, name)) throw new Error(`${name} is missing`);
  throw new Error(`${name} is ${quote(issue.input)}, expected ${issue.message}`);
}
