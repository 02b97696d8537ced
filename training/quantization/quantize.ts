/**
 * Float network → whole numbers, in the arithmetic that src/sampler computes in.
 *
 * Weights are symmetric with one scale a row (per-channel symmetric quantization; Krishnamoorthi 2018,
 * arXiv:1806.08342): 8 bits in a generator's first layer, which takes latents of 16 bits, 7 bits in all
 * others, which take activations of 7 bits. LeakyReLU lets a positive factor pass, so the unit of each
 * channel of activations is absorbed by its row in the layer before and its column in the layer after:
 * `weight · scale` and `bias` are still a network of the same function. Biases stay real.
 */

import { MAX_ACTIVATION, MAX_WEIGHT } from '../../src/sampler/kernel/abi.ts';
import { MAX_LATENT } from '../../src/sampler/seed.ts';
import { type ActivationUnits, unitsOf } from './activations.ts';
import type { FloatLayer, FloatNetwork } from './float-file.ts';
import { leakyRelu, sumsOf } from './float-network.ts';
import { momentsOf } from './linear-algebra.ts';
import { roundWeights } from './rounding.ts';

/** One quantized layer; its real weights are `weight · scale` row by row. */
export interface QuantizedLayer {
  readonly inputs: number;
  readonly outputs: number;
  /** (outputs, inputs): −127 … 127 in a generator's first layer, else −63 … 63 */
  readonly weight: Int8Array;
  /** (outputs) */
  readonly scale: Float32Array;
  /** (outputs) */
  readonly bias: Float32Array;
  /** (outputs): what stands for 0 among the next layer's inputs; of all layers but the last. */
  readonly zero?: Int8Array;
}

export interface QuantizedNetwork {
  readonly layers: readonly QuantizedLayer[];
  /** The network's own inputs are whole multiples of 2^−inputFractionBits, within ± inputLimit. */
  readonly inputFractionBits: number;
  readonly inputLimit: number;
}

const MAX_INT8 = 127;
/** Sums below this fit int32. */
const MAX_SUM = 2 ** 31;

/**
 * @param calibration typical inputs, (count, inputs), many more than a layer has inputs
 * @param inputFractionBits the network's inputs are whole multiples of 2^−this
 */
export function quantize(
  network: FloatNetwork,
  calibration: Float32Array,
  inputFractionBits: number,
): QuantizedNetwork {
  const isGenerator = network.kind === 'generator';
  const layers: QuantizedLayer[] = [];
  // What the layer takes in the float network, and in the quantized one as it is so far.
  let exact = calibration;
  let rounded = calibration;
  let inputUnits: ActivationUnits | undefined;
  for (const [index, layer] of network.layers.entries()) {
    const isLast = index === network.layers.length - 1;
    const target = sumsOf(layer, exact);
    const activations = isLast ? target : leakyRelu(target, network.leakyReluSlope);
    const units = isLast ? undefined : unitsOf(activations, layer.outputs);
    const real = inUnits(layer, inputUnits, units);
    const { mean, covariance } = momentsOf(rounded, layer.inputs);
    const limit = index === 0 && isGenerator ? MAX_INT8 : MAX_WEIGHT;
    const { weight, scale } = roundWeights(real.weight, covariance, limit);
    const bias = biasOf(target, units, { weight, scale }, mean);
    const { inputs, outputs } = layer;
    layers.push({ inputs, outputs, weight, scale, bias, ...(units && { zero: units.zero }) });
    if (!units) break;
    exact = activations;
    const sums = sumsOf({ inputs, outputs, weight: dequantized(weight, scale), bias }, rounded);
    rounded = roundActivations(leakyRelu(sums, network.leakyReluSlope), units);
    inputUnits = units;
  }
  const inputLimit = isGenerator ? maxLatent(layers[0], inputFractionBits) : MAX_ACTIVATION;
  return { layers, inputFractionBits, inputLimit };
}

/** The layer's weights where its inputs and its outputs are counted in these units. */
function inUnits(
  { inputs, outputs, weight, bias }: FloatLayer,
  inputUnits: ActivationUnits | undefined,
  outputUnits: ActivationUnits | undefined,
): FloatLayer {
  const converted = weight.map(
    (w, at) =>
      (w * (inputUnits?.unit[at % inputs] ?? 1)) /
      (outputUnits?.unit[Math.floor(at / inputs)] ?? 1),
  );
  return { inputs, outputs, weight: converted, bias };
}

/** The biases with which each sum is on average what it is in the float network. */
function biasOf(
  target: Float32Array,
  units: ActivationUnits | undefined,
  { weight, scale }: Pick<QuantizedLayer, 'weight' | 'scale'>,
  mean: Float64Array,
): Float32Array {
  const [inputs, outputs] = [mean.length, scale.length];
  const count = target.length / outputs;
  const means = new Float64Array(outputs);
  for (let i = 0; i < target.length; i++) means[i % outputs] += target[i] / count;
  return Float32Array.from(means, (targetMean, o) => {
    let sum = 0;
    for (let i = 0; i < inputs; i++) sum += weight[o * inputs + i] * mean[i];
    return targetMean / (units?.unit[o] ?? 1) - sum * scale[o];
  });
}

function dequantized(weight: Int8Array, scale: Float32Array): Float32Array {
  const inputs = weight.length / scale.length;
  return Float32Array.from(weight, (w, at) => w * scale[Math.floor(at / inputs)]);
}

/** Activations in their units → what the next layer takes for them: whole numbers, 0 at 0. */
function roundActivations(activations: Float32Array, { zero }: ActivationUnits): Float32Array {
  return activations.map((a, at) => {
    const z = zero[at % zero.length];
    return Math.max(0, Math.min(Math.round(a + z), MAX_ACTIVATION)) - z;
  });
}

/** The largest latent for which no row's sum can reach 2³¹. */
function maxLatent({ inputs, weight, scale, bias }: QuantizedLayer, fractionBits: number): number {
  let max = MAX_LATENT;
  for (let o = 0; o < scale.length; o++) {
    let sum = 0;
    for (let i = 0; i < inputs; i++) sum += Math.abs(weight[o * inputs + i]);
    const wholeBias = Math.ceil(Math.abs(bias[o] / scale[o]) * 2 ** fractionBits);
    max = Math.min(max, Math.floor((MAX_SUM - 1 - wholeBias) / Math.max(sum, 1)));
  }
  return max;
}
