/**
 * The three models of the recipe as tfjs layers models: pure builders.
 *
 * All randomness comes in as an argument: the initial weights' when a model is built, the dropout
 * masks' with each call (`model.apply(x, { training: true, random })`). tfjs's own seeded dropout
 * would draw the same mask at every step. How the models learn is in step.ts.
 */
import * as tf from '@tensorflow/tfjs';

import type { Random } from '../src/sampler/random.ts';
import { type DropoutKey, dense, dropout } from './backend/index.ts';
import {
  CLASSES,
  DISCRIMINATOR_UNITS,
  DROPOUT_LAYERS,
  DROPOUT_RATE,
  GENERATOR_UNITS,
  IMAGE_SIZE,
  LEAKY_RELU_SLOPE,
  type Recipe,
} from './recipe.ts';

/**
 * Generator and discriminator, and the one after the other. In the labelled variant (Mirza and
 * Osindero 2014, arXiv:1411.1784) the class, a one-hot vector, is joined to the inputs of both.
 */
export interface Gan {
  /** (batch, latentSize + classes) → (batch, 784) in −1…1 */
  generator: tf.Sequential;
  /** (batch, 784 + classes) → (batch, 1), the probability that the image is real */
  discriminator: tf.Sequential;
  /** The generator's input, and (batch, classes) with it if there are any → (batch, 1); shares the weights of both */
  combined: tf.LayersModel;
}

/** What a model of this file is called with: `random` draws the dropout masks. */
export type CallOptions = { training: true; random: Random } | { training: false };

/** Widths of the models; the recipe's unless a test wants small ones. */
export interface Sizes {
  latentSize: number;
  /** 0, unless both networks are told the class. */
  classes?: number;
  generatorUnits: readonly number[];
  discriminatorUnits: readonly number[];
}

/** The widths of the recipe. */
export function recipeSizes({ latentSize, conditional }: SizeSettings): Sizes {
  const classes = conditional ? CLASSES : 0;
  const units = { generatorUnits: GENERATOR_UNITS, discriminatorUnits: DISCRIMINATOR_UNITS };
  return { latentSize, classes, ...units };
}

type SizeSettings = Pick<Recipe, 'latentSize' | 'conditional'>;

/** Builds the three models; the generator's initial weights are drawn first, layer by layer. */
export function buildGan(sizes: Sizes, random: Random): Gan {
  const imageSize = sizes.generatorUnits.at(-1) ?? IMAGE_SIZE;
  const classes = sizes.classes ?? 0;
  const generator = buildGenerator(sizes.latentSize + classes, sizes.generatorUnits, random);
  const discriminator = buildDiscriminator(imageSize + classes, sizes.discriminatorUnits, random);
  return { generator, discriminator, combined: combine(generator, discriminator, classes) };
}

function combine(
  generator: tf.Sequential,
  discriminator: tf.Sequential,
  classes: number,
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

/** (batch, inputs) → dense and LeakyReLU, thrice → dense → tanh → (batch, 784) */
export function buildGenerator(
  inputSize: number,
  units: readonly number[],
  random: Random,
): tf.Sequential {
  const model = tf.sequential({ name: 'generator' });
  for (const [i, outputs] of units.entries()) {
    const inputs = units[i - 1] ?? inputSize;
    addDense(model, inputs, outputs, i + 1, random);
    if (i + 1 < units.length) addLeakyRelu(model, i + 1);
    else model.add(tf.layers.activation({ activation: 'tanh', name: 'tanh' }));
  }
  return model;
}

/** (batch, inputs) → dense, LeakyReLU and dropout, twice → dense and LeakyReLU → dense → sigmoid */
export function buildDiscriminator(
  inputSize: number,
  units: readonly number[],
  random: Random,
): tf.Sequential {
  const model = tf.sequential({ name: 'discriminator' });
  for (const [i, outputs] of units.entries()) {
    const inputs = units[i - 1] ?? inputSize;
    addDense(model, inputs, outputs, i + 1, random);
    if (i + 1 < units.length) addLeakyRelu(model, i + 1);
    else model.add(tf.layers.activation({ activation: 'sigmoid', name: 'sigmoid' }));
    if (i < DROPOUT_LAYERS) {
      model.add(new RandomDropout({ name: `dropout_${i + 1}`, rate: DROPOUT_RATE }));
    }
  }
  return model;
}

function addDense(
  model: tf.Sequential,
  inputs: number,
  outputs: number,
  n: number,
  random: Random,
): void {
  const name = `dense_${n}`;
  const initializers = { kernelInitializer: 'zeros', biasInitializer: 'zeros' } as const;
  const layer = dense({ units: outputs, inputShape: [inputs], name, ...initializers });
  model.add(layer);
  tf.tidy(() => {
    const kernel = tf.tensor2d(glorotUniform(random, inputs, outputs), [inputs, outputs]);
    layer.setWeights([kernel, tf.zeros([outputs])]);
  });
}

function addLeakyRelu(model: tf.Sequential, n: number): void {
  model.add(tf.layers.leakyReLU({ alpha: LEAKY_RELU_SLOPE, name: `leaky_relu_${n}` }));
}

/** Uniform in ±√(6 / (inputs + outputs)) (Glorot and Bengio 2010), (inputs, outputs) row by row. */
export function glorotUniform(random: Random, inputs: number, outputs: number): Float32Array {
  const limit = Math.sqrt(6 / (inputs + outputs));
  const kernel = new Float32Array(inputs * outputs);
  for (let i = 0; i < kernel.length; i++) {
    kernel[i] = limit * ((random.nextUint32() + 0.5) * 2 ** -31 - 1);
  }
  return kernel;
}

/** What a dropout mask is drawn from. */
export function dropoutKey(random: Random): DropoutKey {
  return [random.nextUint32(), random.nextUint32()];
}

/** Dropout (Srivastava et al. 2014, scaled while training) with keys from the caller's Random. */
class RandomDropout extends tf.layers.Layer {
  /** tfjs's name for the class, needed by its constructor. */
  static className = 'RandomDropout';
  readonly #rate: number;

  constructor({ name, rate }: { name: string; rate: number }) {
    super({ name });
    this.#rate = rate;
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    return inputShape;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], options: CallOptions): tf.Tensor {
    const [input] = Array.isArray(inputs) ? inputs : [inputs];
    if (!options.training) return input.clone();
    return dropout(input, this.#rate, dropoutKey(options.random));
  }
}

/** What a model gives for a batch; no batching of its own, as `model.predict` has. */
export function call(
  model: tf.LayersModel,
  batch: tf.Tensor2D | tf.Tensor2D[],
  options: CallOptions,
): tf.Tensor2D {
  return model.apply(batch, options) as tf.Tensor2D;
}

/** Each row of a batch with its class behind it: (batch, n) and (batch, classes) → (batch, n + classes). */
export function join(batch: tf.Tensor2D, labels: tf.Tensor2D | undefined): tf.Tensor2D {
  return labels === undefined ? batch : tf.concat([batch, labels], 1);
}

/** Classes 0 … 9 as one-hot rows: (count, 10). */
export function oneHot(classes: Uint8Array): tf.Tensor2D {
  const rows = new Float32Array(classes.length * CLASSES);
  for (const [row, label] of classes.entries()) rows[row * CLASSES + label] = 1;
  return tf.tensor2d(rows, [classes.length, CLASSES]);
}

/** The weights that a model learns: kernel and bias, layer by layer. */
export function variablesOf(model: tf.LayersModel): tf.Variable[] {
  return model.trainableWeights.map((weight) => weight.read() as tf.Variable);
}

/** tfjs's table of each model's layers; in that of the combined model the discriminator is frozen. */
export function summaries({ generator, discriminator, combined }: Gan): string {
  const lines: string[] = [];
  const print = (line: string): number => lines.push(line);
  for (const model of [generator, discriminator]) {
    lines.push('', `${model.name}`);
    model.summary(80, undefined, print);
  }
  lines.push('', 'combined, the discriminator frozen');
  discriminator.trainable = false;
  combined.summary(80, undefined, print);
  discriminator.trainable = true;
  return lines.join('\n');
}
