/**
 * The feature network: a small convolutional classifier, whose layer before the last says what a picture looks like.
 * Distances between pictures are taken there. Not to be confused with the classifier that ships.
 *
 * patches → 16 → LeakyReLU → 2 × 2 → 32 → LeakyReLU → 64, the features → LeakyReLU → classes
 */

import * as tf from '@tensorflow/tfjs';

import type { Random } from '../../src/sampler/random.ts';
import { softmax } from '../../src/sampler/softmax.ts';
import { glorotUniform } from '../backend/index.ts';
import { GROUPS, PATCH_PIXELS, patchesOf } from './patches.ts';
import { CONVOLUTION_UNITS, FEATURES, LEAKY_RELU_SLOPE } from './recipe.ts';

/** Kernel and bias of a layer. */
export type LayerWeights = readonly [kernel: tf.Variable, bias: tf.Variable];

/** Layer by layer; lives in tfjs's memory until it is disposed of. */
export type FeatureNetwork = readonly LayerWeights[];

/** Inputs and outputs of each layer. */
export function layerSizes(classes: number): readonly (readonly [number, number])[] {
  const [first, second] = CONVOLUTION_UNITS;
  return [
    [PATCH_PIXELS, first],
    [4 * first, second],
    [GROUPS * second, FEATURES],
    [FEATURES, classes],
  ];
}

/** A network with initial weights. */
export function buildFeatureNetwork(classes: number, random: Random): FeatureNetwork {
  return networkOf(
    layerSizes(classes).map(([inputs, outputs]) => ({
      kernel: glorotUniform(random, inputs, outputs),
      bias: new Float32Array(outputs),
    })),
  );
}

/** A network with these weights; kernels are (inputs, outputs). */
export function networkOf(
  layers: readonly { readonly kernel: Float32Array; readonly bias: Float32Array }[],
): FeatureNetwork {
  return tf.tidy(() =>
    layers.map(({ kernel, bias }) => {
      const shape: [number, number] = [kernel.length / bias.length, bias.length];
      return [tf.variable(tf.tensor2d(kernel, shape)), tf.variable(tf.tensor1d(bias))] as const;
    }),
  );
}

export function variablesOf(network: FeatureNetwork): tf.Variable[] {
  return network.flat();
}

export function disposeOf(network: FeatureNetwork): void {
  tf.dispose(variablesOf(network));
}

/** (count · patches, numbers in a patch) → features (count, FEATURES) and logits (count, classes) */
export function runFeatureNetwork(
  network: FeatureNetwork,
  patches: tf.Tensor2D,
): { features: tf.Tensor2D; logits: tf.Tensor2D } {
  const [first, second, third, last] = network;
  const local = activate(dense(first, patches)).reshape([-1, 4 * CONVOLUTION_UNITS[0]]);
  const whole = activate(dense(second, local)).reshape([-1, GROUPS * CONVOLUTION_UNITS[1]]);
  const features = dense(third, whole);
  return { features, logits: dense(last, activate(features)) };
}

function dense([kernel, bias]: LayerWeights, batch: tf.Tensor): tf.Tensor2D {
  return tf.add(tf.matMul(batch as tf.Tensor2D, kernel as tf.Tensor2D), bias);
}

function activate(batch: tf.Tensor2D): tf.Tensor {
  return tf.leakyRelu(batch, LEAKY_RELU_SLOPE);
}

/** What the feature network sees in pictures. */
export interface Assessment {
  /** (count, FEATURES) */
  readonly features: Float32Array;
  /** The most likely class of each picture, and its probability. */
  readonly labels: Uint8Array;
  readonly confidences: Float32Array;
}

/** Pictures that go through the network at a time. */
const AT_A_TIME = 500;

/**
 * @param pixels grey levels, (count, 784)
 * @param indices of the pictures to assess
 */
export function assess(
  network: FeatureNetwork,
  pixels: Uint8Array,
  indices: Uint32Array,
): Assessment {
  const features = new Float32Array(indices.length * FEATURES);
  const labels = new Uint8Array(indices.length);
  const confidences = new Float32Array(indices.length);
  for (let start = 0; start < indices.length; start += AT_A_TIME) {
    const part = indices.subarray(start, start + AT_A_TIME);
    const outputs = tf.tidy(() => runFeatureNetwork(network, tensorOf(patchesOf(pixels, part))));
    features.set(outputs.features.dataSync(), start * FEATURES);
    const logits = outputs.logits.dataSync() as Float32Array;
    tf.dispose([outputs.features, outputs.logits]);
    const classes = logits.length / part.length;
    for (let i = 0; i < part.length; i++) {
      const probabilities = softmax(logits.subarray(i * classes, (i + 1) * classes));
      const confidence = Math.max(...probabilities);
      labels[start + i] = probabilities.indexOf(confidence);
      confidences[start + i] = confidence;
    }
  }
  return { features, labels, confidences };
}

/** (patches of all pictures, numbers in a patch) */
export function tensorOf(patches: Float32Array): tf.Tensor2D {
  return tf.tensor2d(patches, [patches.length / PATCH_PIXELS, PATCH_PIXELS]);
}
