/**
 * Both networks and their loss once more, in plain TypeScript, with parameters as [kernel, bias, kernel, bias …].
 * The discriminator's first two layers have 7 and 5 outputs.
 */

import type * as tf from '@tensorflow/tfjs';

import type { Random } from '../../../src/sampler/random.ts';
import { dropoutKey, dropoutMask, variablesOf } from '../../../training/backend/index.ts';
import type { Gan } from '../../../training/gan/networks.ts';

/** Latents or images, and for the discriminator its masks → outputs of the last layer. */
export function dense(
  parameters: number[][],
  input: readonly number[],
  last: (x: number) => number,
  masks: readonly (readonly number[])[] = [],
): number[] {
  let activations = [...input];
  for (let layer = 0; 2 * layer < parameters.length; layer++) {
    const [kernel, bias] = parameters.slice(2 * layer, 2 * layer + 2);
    const isLast = 2 * layer + 2 === parameters.length;
    activations = bias.map((b, o) => {
      const sum = activations.reduce((s, a, i) => s + a * kernel[i * bias.length + o], b);
      if (isLast) return last(sum);
      return (sum < 0 ? 0.2 * sum : sum) * (masks[layer]?.[o] ?? 1);
    });
  }
  return activations;
}

export function discriminate(
  parameters: number[][],
  images: readonly (readonly number[])[],
  masks: readonly (readonly number[][])[],
): number[] {
  return images.map((image, i) => dense(parameters, image, sigmoid, [masks[0][i], masks[1][i]])[0]);
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

export function generate(gan: Gan, latents: readonly (readonly number[])[]): number[][] {
  return latents.map((latent) => dense(snapshot(gan).generator, latent, Math.tanh));
}

/** Each row with its class, one of ten, behind it. */
export function joined(batch: readonly (readonly number[])[], classes: Uint8Array): number[][] {
  return batch.map((row, i) => [
    ...row,
    ...Array.from({ length: 10 }, (_, label) => Number(label === classes[i])),
  ]);
}

export function crossEntropy(probabilities: readonly number[], targets: readonly number[]): number {
  const losses = probabilities.map(
    (p, i) => -(targets[i] * Math.log(p) + (1 - targets[i]) * Math.log(1 - p)),
  );
  return losses.reduce((sum, loss) => sum + loss) / losses.length;
}

export function referenceLoss(
  gan: Gan,
  images: number[][],
  targets: number[],
  masks: number[][][],
): number {
  return crossEntropy(discriminate(snapshot(gan).discriminator, images, masks), targets);
}

/** The masks of the two dropout layers for a batch, as rows. */
export function masksOf(random: Random, batch: number): number[][][] {
  return [7, 5].map((units) => rows(dropoutMask(batch * units, 0.3, dropoutKey(random)), units));
}

/** Central differences: error of the order of 1e-8 in doubles. */
export function numericGradient(
  loss: (parameters: number[][]) => number,
  at: number[][],
): number[][] {
  const nudged = (t: number, i: number, by: number): number[][] =>
    at.map((values, tensor) => values.map((x, j) => (tensor === t && j === i ? x + by : x)));
  return at.map((values, t) =>
    values.map((_, i) => (loss(nudged(t, i, 1e-5)) - loss(nudged(t, i, -1e-5))) / 2e-5),
  );
}

export function snapshot({
  generator,
  discriminator,
}: Gan): Record<'generator' | 'discriminator', number[][]> {
  return { generator: valuesOf(generator), discriminator: valuesOf(discriminator) };
}

function valuesOf(model: tf.Sequential): number[][] {
  return variablesOf(model).map((variable) => Array.from(variable.dataSync()));
}

export function rows(values: ArrayLike<number>, width: number): number[][] {
  return Array.from({ length: values.length / width }, (_, row) =>
    Array.from({ length: width }, (__, i) => values[row * width + i]),
  );
}
