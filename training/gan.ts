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
  DISCRIMINATOR_UNITS,
  DROPOUT_LAYERS,
  DROPOUT_RATE,
  GENERATOR_UNITS,
  IMAGE_SIZE,
  LEAKY_RELU_SLOPE,
} from './recipe.ts';

/** Generator and discriminator, and the one after the other. */
export interface Gan {
  /** (batch, latentSize) → (batch, 784) in −1…1 */
  generator: tf.Sequential;
  /** (batch, 784) → (batch, 1), the probability that the image is real */
  discriminator: tf.Sequential;
  /** (batch, latentSize) → (batch, 1); shares the weights of both */
  combined: tf.Sequential;
}

/** What a model of this file is called with: `random` draws the dropout masks. */
export type CallOptions = { training: true; random: Random } | { training: false };

/** Widths of the models; the recipe's unless a test wants small ones. */
export interface Sizes {
  latentSize: number;
  generatorUnits: readonly number[];
  discriminatorUnits: readonly number[];
}

/** The widths of the recipe. */
export function recipeSizes(latentSize: number): Sizes {
  return { latentSize, generatorUnits: GENERATOR_UNITS, discriminatorUnits: DISCRIMINATOR_UNITS };
}

/** Builds the three models; the generator's initial weights are drawn first, layer by layer. */
export function buildGan(sizes: Sizes, random: Random): Gan {
  const imageSize = sizes.generatorUnits.at(-1) ?? IMAGE_SIZE;
  const generator = buildGenerator(sizes.latentSize, sizes.generatorUnits, random);
  const discriminator = buildDiscriminator(imageSize, sizes.discriminatorUnits, random);
  const combined = tf.sequential({ name: 'combined', layers: [generator, discriminator] });
  return { generator, discriminator, combined };
}

/** (batch, latentSize) → dense and LeakyReLU, thrice → dense → tanh → (batch, 784) */
export function buildGenerator(
  latentSize: number,
  units: readonly number[],
  random: Random,
): tf.Sequential {
  const model = tf.sequential({ name: 'generator' });
  for (const [i, outputs] of units.entries()) {
    const inputs = units[i - 1] ?? latentSize;
    addDense(model, inputs, outputs, i + 1, random);
    if (i + 1 < units.length) addLeakyRelu(model, i + 1);
    else model.add(tf.layers.activation({ activation: 'tanh', name: 'tanh' }));
  }
  return model;
}

/** (batch, 784) → dense, LeakyReLU and dropout, twice → dense and LeakyReLU → dense → sigmoid */
export function buildDiscriminator(
  imageSize: number,
  units: readonly number[],
  random: Random,
): tf.Sequential {
  const model = tf.sequential({ name: 'discriminator' });
  for (const [i, outputs] of units.entries()) {
    const inputs = units[i - 1] ?? imageSize;
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
export function call(model: tf.Sequential, batch: tf.Tensor2D, options: CallOptions): tf.Tensor2D {
  return model.apply(batch, options) as tf.Tensor2D;
}

/** The weights that a model learns: kernel and bias, layer by layer. */
export function variablesOf(model: tf.Sequential): tf.Variable[] {
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
