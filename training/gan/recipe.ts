/**
 * The recipe: how the two networks are built, and every setting of a training with its default, its
 * bounds and what it means, as data.
 *
 * The defaults are those of the Keras tutorial that this GAN comes from. Where that tutorial contradicts
 * itself (it defines Adam(2e-4, β1 0.5) and then compiles the combined model with Keras's default Adam)
 * both networks use the former. The latter, a generator learning rate of 1e-3 and β1 of 0.9, collapses.
 * Not here: how a setting is given on a command line (commands/train-flags.ts).
 */

import type { Size } from '../../src/digit.ts';
import {
  DATA_DEFAULTS,
  DATA_OPTION_NAMES,
  DATA_SETTINGS,
  type DataOptions,
} from '../data/options.ts';

/** The pictures of MNIST, which is the data set unless another is given. */
export const MNIST_SIZE: Size = { width: 28, height: 28 };

/** Outputs of the generator's hidden layers, each followed by LeakyReLU; its last layer has an output for each pixel, and tanh. */
export const GENERATOR_UNITS: readonly number[] = [256, 512, 1024];
/** Outputs of the discriminator's layers; each but the last is followed by LeakyReLU. */
export const DISCRIMINATOR_UNITS: readonly number[] = [1024, 512, 256, 1];
/** How many of the discriminator's layers, from the first, are followed by dropout. */
export const DROPOUT_LAYERS = 2;
/** The share of activations that dropout sets to zero. */
export const DROPOUT_RATE = 0.3;
/** Slope of LeakyReLU below zero. */
export const LEAKY_RELU_SLOPE = 0.2;

/** What decides which weights come out; {@link SETTINGS} explains each. */
export interface Recipe {
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  readonly batchSize: number;
  readonly latentSize: number;
  readonly generatorLearningRate: number;
  readonly generatorBeta1: number;
  readonly discriminatorLearningRate: number;
  readonly discriminatorBeta1: number;
  readonly labelSmoothing: number;
  /** The share of the run, at its end, over which both learning rates fall to 0; 0 if they stay as they are. */
  readonly lrDecay: number;
  /** Decay of a running average of the generator's weights, which is shown and saved in their place; 0 for none. */
  readonly ema: number;
  /**
   * What latents are multiplied by before the generator that is shown and saved takes them. Above 1 it makes up for an
   * average's digits, which differ less than they should; below 1 it is the truncation trick (Brock et al. 2019,
   * arXiv:1809.11096).
   */
  readonly latentScale: number;
  readonly seed: number;
  /** Both networks are given the class (Mirza and Osindero 2014, arXiv:1411.1784). */
  readonly conditional: boolean;
}

/** The recipe, and how and where it is run. */
export interface Settings extends Recipe, DataOptions {
  readonly threads: number | 'auto';
  /** File of a generator that the run starts from; null: initial weights that are drawn. */
  readonly from: string | null;
  /** The run's folder. */
  readonly out: string;
  readonly checkpointEvery: number;
  /** Epochs from one preview to the next. */
  readonly sampleEvery: number;
  /** Epochs from one measurement of the Fréchet distance to the next; 0 for none. */
  readonly evaluateEvery: number;
  readonly relaxedSimd: boolean;
}

/** A setting's default, what it means with its unit, and what numbers it may be. */
interface Setting<Value> extends Partial<WholeBounds & RealBounds> {
  readonly default: Value;
  readonly about: string;
}

interface WholeBounds {
  readonly min: number;
  readonly max: number;
}

interface RealBounds {
  readonly allows: (x: number) => boolean;
  /** The same in words. */
  readonly expected: string;
}

const POSITIVE: RealBounds = {
  allows: (x) => x > 0 && x <= 1,
  expected: 'a number above 0 and at most 1',
};
const DECAY: RealBounds = {
  allows: (x) => x >= 0 && x < 1,
  expected: 'a number from 0 to below 1',
};
const SHARE: RealBounds = { allows: (x) => x >= 0 && x <= 1, expected: 'a number from 0 to 1' };
const COUNT: WholeBounds = { min: 1, max: 1_000_000 };

export const SETTINGS = {
  epochs: { default: 400, ...COUNT, about: 'epochs to train' },
  stepsPerEpoch: { default: 128, ...COUNT, about: 'steps in an epoch' },
  batchSize: { default: 128, min: 1, max: 8192, about: 'real images in a step' },
  latentSize: { default: 100, min: 1, max: 1024, about: 'numbers in a latent vector' },
  generatorLearningRate: { default: 2e-4, ...POSITIVE, about: "the generator's learning rate" },
  generatorBeta1: { default: 0.5, ...DECAY, about: "β1 of the generator's Adam" },
  discriminatorLearningRate: {
    default: 2e-4,
    ...POSITIVE,
    about: "the discriminator's learning rate",
  },
  discriminatorBeta1: { default: 0.5, ...DECAY, about: "β1 of the discriminator's Adam" },
  labelSmoothing: {
    default: 0.9,
    ...POSITIVE,
    about: "the discriminator's target for real images",
  },
  lrDecay: {
    default: 0,
    ...SHARE,
    about: 'share of the run, at its end, over which the learning rates fall to 0; 0: off',
  },
  ema: {
    default: 0,
    ...DECAY,
    about:
      "decay of a running average of the generator's weights, which is shown and saved; 0: off",
  },
  latentScale: {
    default: 1,
    allows: (x) => x > 0 && x <= 10,
    expected: 'a number above 0 and at most 10',
    about: 'what latents are multiplied by in the generator that is shown and saved',
  },
  seed: {
    default: 42,
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    about: 'what all randomness comes from',
  },
  conditional: { default: false, about: 'a generator that draws the class it is given' },
  threads: {
    default: 'auto',
    min: 1,
    max: 256,
    about: 'threads that compute; the number never changes a result',
  },
  ...DATA_SETTINGS,
  from: {
    default: null,
    about: 'a float generator to start from, with the discriminator of its run if that is there',
  },
  out: { default: 'runs/mnist-gan', about: "the run's folder" },
  checkpointEvery: { default: 1, ...COUNT, about: 'epochs from one checkpoint to the next' },
  sampleEvery: { default: 20, ...COUNT, about: 'epochs from one preview to the next' },
  evaluateEvery: {
    default: 0,
    min: 0,
    max: COUNT.max,
    about: 'epochs from one measurement of the Fréchet distance to the next; 0: off',
  },
  relaxedSimd: {
    default: true,
    about:
      'fused multiply-add if the engine has it: faster, but the last bits depend on the processor',
  },
} as const satisfies { [Name in keyof Settings]: Setting<Settings[Name]> };

/** The names of all settings, in the order in which they are shown. */
export const SETTING_NAMES = Object.keys(SETTINGS) as (keyof Settings)[];

export const DEFAULTS = Object.fromEntries(
  SETTING_NAMES.map((name) => [name, SETTINGS[name].default]),
) as unknown as Settings;

/** Settings that runs of earlier versions do not name, with the values those runs were trained with. */
export const ADDED_SETTINGS = {
  ...DATA_DEFAULTS,
  lrDecay: 0,
  ema: 0,
  latentScale: 1,
  from: null,
  evaluateEvery: 0,
} as const satisfies Partial<Settings>;

/** Settings that a run may go on with otherwise than it began: none of them changes a weight that is trained. */
export const CHANGEABLE_SETTINGS = [
  'epochs',
  'threads',
  ...DATA_OPTION_NAMES,
  'latentScale',
  'checkpointEvery',
  'sampleEvery',
  'evaluateEvery',
] as const satisfies readonly (keyof Settings)[];

/** The recipe alone: what a model's file says about how it was made. */
export function recipeOf(settings: Settings): Recipe {
  const { epochs, stepsPerEpoch, batchSize, latentSize, labelSmoothing } = settings;
  const { lrDecay, ema, latentScale, seed, conditional } = settings;
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
    lrDecay,
    ema,
    latentScale,
    seed,
    conditional,
  };
}
