/** Builds the three models of the recipe as tfjs layers models. Not here: how they learn (step.ts). */

import * as tf from '@tensorflow/tfjs';

import type { Random } from '../../src/sampler/random.ts';
import { addDense, addDropout, addLeakyRelu, variablesOf } from '../backend/index.ts';
import type { Dataset } from '../data/dataset.ts';
import {
  DISCRIMINATOR_UNITS,
  DROPOUT_LAYERS,
  DROPOUT_RATE,
  GENERATOR_UNITS,
  LEAKY_RELU_SLOPE,
  type Recipe,
} from './recipe.ts';

/**
 * Generator, discriminator, and the two in a row. In the conditional variant (Mirza and Osindero 2014,
 * arXiv:1411.1784) the class, a one-hot vector, is joined to the inputs of both.
 */
export interface Gan {
  /** (batch, latentSize + classes) → (batch, pixels) in −1…1 */
  readonly generator: tf.Sequential;
  /** (batch, pixels + classes) → (batch, 1), the probability that the image is real */
  readonly discriminator: tf.Sequential;
  /** The generator's input and, if conditional, (batch, classes) → (batch, 1); shares the weights of both. */
  readonly combined: tf.LayersModel;
}

/** Widths of the models. */
export interface Sizes {
  readonly latentSize: number;
  /** 0, the default, if the networks are unconditional. */
  readonly classes?: number;
  /** The last are the pixels. */
  readonly generatorUnits: readonly number[];
  readonly discriminatorUnits: readonly number[];
}

/** The widths of the recipe, for pictures of these data. */
export function recipeSizes(
  { latentSize, conditional }: Pick<Recipe, 'latentSize' | 'conditional'>,
  { width, height, classes }: Pick<Dataset, 'width' | 'height' | 'classes'>,
): Sizes {
  return {
    latentSize,
    classes: conditional ? classes.length : 0,
    generatorUnits: [...GENERATOR_UNITS, width * height],
    discriminatorUnits: DISCRIMINATOR_UNITS,
  };
}

/** Builds the three models. Initial weights are drawn layer by layer, the generator's first. */
export function buildGan(sizes: Sizes, random: Random): Gan {
  const generator = buildGenerator(sizes, random);
  const discriminator = buildDiscriminator(sizes, random);
  return { generator, discriminator, combined: combine(generator, discriminator, sizes.classes) };
}

function combine(
  generator: tf.Sequential,
  discriminator: tf.Sequential,
  classes = 0,
): tf.LayersModel {
  const name = 'combined';
  if (classes === 0) return tf.sequential({ name, layers: [generator, discriminator] });
  const latents = tf.input({ shape: generator.inputs[0].shape.slice(1), name: 'latents' });
  const labels = tf.input({ shape: [classes], name: 'labels' });
  const images = generator.apply(latents) as tf.SymbolicTensor;
  const joint = tf.layers.concatenate({ name: 'join' }).apply([images, labels]);
  const outputs = discriminator.apply(joint) as tf.SymbolicTensor;
  return tf.model({ name, inputs: [latents, labels], outputs });
}

/** (batch, latentSize + classes) → dense and LeakyReLU, three times → dense → tanh → (batch, pixels) */
export function buildGenerator(sizes: Sizes, random: Random): tf.Sequential {
  const { latentSize, classes = 0, generatorUnits: units } = sizes;
  const inputSize = latentSize + classes;
  const model = tf.sequential({ name: 'generator' });
  for (const [i, outputs] of units.entries()) {
    const inputs = units[i - 1] ?? inputSize;
    addDense(model, inputs, outputs, i + 1, random);
    if (i + 1 < units.length) addLeakyRelu(model, i + 1, LEAKY_RELU_SLOPE);
    else model.add(tf.layers.activation({ activation: 'tanh', name: 'tanh' }));
  }
  return model;
}

/** (batch, pixels + classes) → dense, LeakyReLU and dropout, twice → dense and LeakyReLU → dense → sigmoid */
function buildDiscriminator(sizes: Sizes, random: Random): tf.Sequential {
  const { generatorUnits, classes = 0, discriminatorUnits: units } = sizes;
  const inputSize = generatorUnits[generatorUnits.length - 1] + classes;
  const model = tf.sequential({ name: 'discriminator' });
  for (const [i, outputs] of units.entries()) {
    const inputs = units[i - 1] ?? inputSize;
    addDense(model, inputs, outputs, i + 1, random);
    if (i + 1 < units.length) addLeakyRelu(model, i + 1, LEAKY_RELU_SLOPE);
    else model.add(tf.layers.activation({ activation: 'sigmoid', name: 'sigmoid' }));
    if (i < DROPOUT_LAYERS) addDropout(model, i + 1, DROPOUT_RATE);
  }
  return model;
}

/** Joins each row of a batch with its class: (batch, n) and (batch, classes) → (batch, n + classes). */
export function join(batch: tf.Tensor2D, labels: tf.Tensor2D | undefined): tf.Tensor2D {
  return labels === undefined ? batch : tf.concat([batch, labels], 1);
}

/** A line for each network: its widths and how many numbers it learns. */
export function outlines({ generator, discriminator }: Gan): string {
  return [generator, discriminator].map(outlineOf).join('\n');
}

function outlineOf(model: tf.Sequential): string {
  const kernels = variablesOf(model).filter(({ rank }) => rank === 2);
  const widths = [kernels[0].shape[0], ...kernels.map(({ shape }) => shape[1])];
  const parameters = COUNT.format(model.countParams());
  return `${model.name.padEnd('discriminator'.length)}  ${widths.join(' → ')}, ${parameters} parameters`;
}

const COUNT = new Intl.NumberFormat('en');

/** tfjs's table of layers for each model; the combined model's has the discriminator frozen. */
export function summaries({ generator, discriminator, combined }: Gan): string {
  const lines: string[] = [];
  const print = (line: string): number => lines.push(line);
  for (const model of [generator, discriminator]) {
    lines.push('', model.name);
    model.summary(80, undefined, print);
  }
  lines.push('', 'combined, the discriminator frozen');
  discriminator.trainable = false;
  combined.summary(80, undefined, print);
  discriminator.trainable = true;
  return lines.join('\n');
}
