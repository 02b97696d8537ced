/**
 * The feature network: a small convolutional classifier, whose layer before the last says what a picture looks like.
 * Distances between pictures are taken there. Not to be confused with the classifier that ships.
 *
 * patches → 16 → LeakyReLU → 2 × 2 → 32 → LeakyReLU → 64, the features → LeakyReLU → classes
 */

import * as tf from '@tensorflow/tfjs';

import type { Size } from '../../src/digit.ts';
import type { Random } from '../../src/sampler/random.ts';
import { softmax } from '../../src/sampler/softmax.ts';
import { glorotUniform } from '../backend/index.ts';
import { GROUP_PATCHES, PATCH_PIXELS, groupsOf, patchesOf } from './patches.ts';
import { CONVOLUTION_UNITS, FEATURES, LEAKY_RELU_SLOPE } from './recipe.ts';

/** Kernel and bias of a layer. */
export type LayerWeights = readonly [kernel: tf.Variable, bias: tf.Variable];

/** Layer by layer; lives in tfjs's memory until it is disposed of. */
export type FeatureNetwork = readonly LayerWeights[];

/** Inputs and outputs of each layer. */
function layerSizes(size: Size, classes: number): readonly (readonly [number, number])[] {
  const [first, second] = CONVOLUTION_UNITS;
  return [
    [PATCH_PIXELS, first],
    [GROUP_PATCHES * first, second],
    [groupsOf(size) * second, FEATURES],
    [FEATURES, classes],
  ];
}

/** A network with initial weights, for pictures of this size. */
export function buildFeatureNetwork(size: Size, classes: number, random: Random): FeatureNetwork {
  return networkOf(
    layerSizes(size, classes).map(([inputs, outputs]) => ({
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
  const local = activate(dense(first, patches)).reshape([-1, inputsOf(second)]);
  const whole = activate(dense(second, local)).reshape([-1, inputsOf(third)]);
  const features = dense(third, whole);
  return { features, logits: dense(last, activate(features)) };
}

function inputsOf([kernel]: LayerWeights): number {
  return kernel.shape[0];
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

/** Groups of patches that go through the network at a time: 500 pictures of MNIST. */
const GROUPS_AT_A_TIME = 24_500;

/**
 * @param pixels grey levels, (count, height, width)
 * @param size of each picture
 * @param indices of the pictures to assess
 */
export function assess(
  network: FeatureNetwork,
  pixels: Uint8Array,
  size: Size,
  indices: Uint32Array,
): Assessment {
  const atATime = Math.floor(GROUPS_AT_A_TIME / groupsOf(size));
  const features = new Float32Array(indices.length * FEATURES);
  const labels = new Uint8Array(indices.length);
  const confidences = new Float32Array(indices.length);
  for (let start = 0; start < indices.length; start += atATime) {
    const part = indices.subarray(start, start + atATime);
    const outputs = tf.tidy(() =>
      runFeatureNetwork(network, tensorOf(patchesOf(pixels, size, part))),
    );
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
