/**
 * The flags of `train:wasm`: how each setting is given on a command line, and which of them `--resume` may
 * change. Defaults, bounds and meanings are in gan/recipe.ts.
 */

import { UsageError } from '../cli/failure.ts';
import {
  type Flag,
  type Flags,
  type Parsed,
  path,
  present,
  realNumber,
  wholeNumber,
} from '../cli/flags.ts';
import type { ExistingRun } from '../gan/existing-run.ts';
import { currentEpoch } from '../gan/position.ts';
import { CHANGEABLE_SETTINGS, SETTINGS, SETTING_NAMES, type Settings } from '../gan/recipe.ts';
import { dataFlags } from './data-flags.ts';

/** All settings, and what is not remembered with a run. */
export type TrainFlags = Settings & { readonly resume: boolean; readonly summary: boolean };

export const trainFlags: Flags<TrainFlags> = {
  epochs: wholeNumber('epochs', SETTINGS.epochs),
  stepsPerEpoch: wholeNumber('steps-per-epoch', SETTINGS.stepsPerEpoch),
  batchSize: wholeNumber('batch-size', SETTINGS.batchSize),
  latentSize: wholeNumber('latent', SETTINGS.latentSize),
  generatorLearningRate: realNumber('generator-lr', SETTINGS.generatorLearningRate, '2e-4'),
  generatorBeta1: realNumber('generator-beta1', SETTINGS.generatorBeta1),
  discriminatorLearningRate: realNumber(
    'discriminator-lr',
    SETTINGS.discriminatorLearningRate,
    '2e-4',
  ),
  discriminatorBeta1: realNumber('discriminator-beta1', SETTINGS.discriminatorBeta1),
  labelSmoothing: realNumber('label-smoothing', SETTINGS.labelSmoothing),
  lrDecay: realNumber('lr-decay', SETTINGS.lrDecay),
  ema: realNumber('ema', SETTINGS.ema),
  latentScale: realNumber('latent-scale', SETTINGS.latentScale),
  seed: wholeNumber('seed', SETTINGS.seed),
  conditional: present('conditional', SETTINGS.conditional.about),
  threads: threadsFlag(),
  ...dataFlags,
  from: path('from', 'FILE', SETTINGS.from.about, null, 'new weights'),
  out: path('out', 'DIR', SETTINGS.out.about, SETTINGS.out.default, SETTINGS.out.default),
  checkpointEvery: wholeNumber('checkpoint-every', SETTINGS.checkpointEvery),
  resume: present('resume', "go on from the run's newest whole checkpoint"),
  sampleEvery: wholeNumber('sample-every', SETTINGS.sampleEvery),
  evaluateEvery: wholeNumber('evaluate-every', SETTINGS.evaluateEvery),
  relaxedSimd: present(
    'no-relaxed-simd',
    'plain SIMD: the same bits on every processor',
    SETTINGS.relaxedSimd.default,
  ),
  summary: present('summary', 'show both networks layer by layer'),
};

function threadsFlag(): Flag<number | 'auto'> {
  const count = wholeNumber('threads', { ...SETTINGS.threads, default: 1 });
  return {
    ...count,
    default: SETTINGS.threads.default,
    expected: `${count.expected}, or 'auto' for all cores`,
    parse: (text) => (text === 'auto' ? text : count.parse(text)),
  };
}

/** What `--resume` may change; the folder is how the run was found, and may have been moved. */
const CHANGEABLE: ReadonlySet<keyof Settings> = new Set([...CHANGEABLE_SETTINGS, 'out']);

/**
 * The settings with which a saved run goes on: its own, but for those that were given and may change.
 * @throws UsageError for any other setting that was given and differs, for fewer epochs than reached, and for another
 * number of them where the learning rates of the steps done depend on it
 */
export function resumeSettings(
  { settings: saved, checkpoint }: Pick<ExistingRun, 'settings' | 'checkpoint'>,
  { values, given }: Pick<Parsed<TrainFlags>, 'values' | 'given'>,
): Settings {
  const changed = SETTING_NAMES.filter((name) => given.has(name) && values[name] !== saved[name]);
  const refused = changed.find((name) => !CHANGEABLE.has(name));
  if (refused !== undefined) {
    const { flag, placeholder } = trainFlags[refused];
    const found = placeholder === undefined ? 'it' : values[refused];
    const expected =
      placeholder === undefined ? 'none, as in the run' : `the run's ${saved[refused]}`;
    throw new UsageError(
      `--${flag}: found ${found}, expected ${expected}: --resume cannot change what was learned.`,
    );
  }
  if (changed.includes('epochs')) {
    const { epochs } = values;
    const reached = checkpoint === undefined ? 1 : currentEpoch(checkpoint.position);
    if (epochs < reached) {
      throw new UsageError(
        `--epochs: found ${epochs}, expected at least ${reached}, the epoch that the run has reached.`,
      );
    }
    if (saved.lrDecay > 0) {
      throw new UsageError(
        `--epochs: found ${epochs}, expected the run's ${saved.epochs}: its learning rates fall towards that epoch (--lr-decay).`,
      );
    }
  }
  const changes = changed.map((name) => [name, values[name]]);
  return { ...saved, ...(Object.fromEntries(changes) as Partial<Settings>), out: values.out };
}
