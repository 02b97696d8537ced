/**
 * Float network → int8 network, in the arithmetic that src/sampler computes in.
 *
 * Weights become int8, symmetric, with one scale a row (per-channel symmetric quantization; Krishnamoorthi
 * 2018, arXiv:1806.08342); activations become int16 with a power of two as their unit, wide enough for
 * what calibration shows and narrow enough that no sum can overflow int32. Biases stay real.
 * Reading and writing files is in quantize.ts.
 */

import { type NewTensor, serializeSafetensors } from '../../src/weights/safetensors.ts';
import type { FloatNetwork, FloatLayer } from './float-file.ts';
import { runNetwork } from './float-network.ts';

/** One quantized layer; its real weights are `weight · scale` row by row. */
export interface QuantizedLayer {
  inputs: number;
  outputs: number;
  /** (outputs, inputs), −127…127 */
  weight: Int8Array;
  /** (outputs) */
  scale: Float32Array;
  /** (outputs) */
  bias: Float32Array;
  /** Inputs are whole multiples of 2^−this. */
  inputFractionBits: number;
  /** Inputs saturate at ± so many of those. */
  inputLimit: number;
}

const MAX_WEIGHT = 127;
const MAX_INT16 = 32767;
const MAX_FRACTION_BITS = 15;
/** Below this sums fit int32. */
const MAX_SUM = 2 ** 31;
/** Room above the largest activation that calibration shows: other latents go further. */
const HEADROOM = 2;

/**
 * The layers in int8.
 * @param calibration typical inputs, (count, inputs)
 * @param inputFractionBits the network's inputs are whole multiples of 2^−this
 */
export function quantize(
  network: FloatNetwork,
  calibration: Float32Array,
  inputFractionBits: number,
): QuantizedLayer[] {
  const largest: number[] = [];
  const power: Float64Array[] = [];
  runNetwork(network, calibration, (index, activations) => {
    largest[index] = activations.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    power[index] = meanSquares(activations, network.layers[index].inputs);
  });
  return network.layers.map((layer, index) => {
    const { weight, scale } = quantizeRows(layer, power[index]);
    const unit = index === 0 ? inputUnit(layer, weight, scale, inputFractionBits) : undefined;
    return {
      ...layer,
      weight,
      scale,
      ...(unit ?? activationUnit(layer, weight, scale, largest[index] * HEADROOM)),
    };
  });
}

/** Mean of the squares of each input over the batch: what an error in its weight costs. */
function meanSquares(activations: Float32Array, inputs: number): Float64Array {
  const sums = new Float64Array(inputs);
  for (let i = 0; i < activations.length; i++) sums[i % inputs] += activations[i] ** 2;
  return sums.map((sum) => (sum * inputs) / activations.length);
}

/** The shares of the largest weight of a row that are tried as the largest that can be shown. */
const CLIPPINGS = Array.from({ length: 31 }, (_, i) => 1 - i / 100);

/** Rounds each row with the scale of least expected squared error of its sum. */
function quantizeRows(
  { inputs, outputs, weight }: FloatLayer,
  power: Float64Array,
): { weight: Int8Array; scale: Float32Array } {
  const quantized = new Int8Array(weight.length);
  const scale = new Float32Array(outputs);
  for (let o = 0; o < outputs; o++) {
    // An input that calibration never shows was hardly trained on: it is left out, and zeros compress best.
    const row = weight
      .subarray(o * inputs, (o + 1) * inputs)
      .map((w, i) => (power[i] === 0 ? 0 : w));
    const most = row.reduce((max, w) => Math.max(max, Math.abs(w)), 0);
    // A row of zeros is all zeros at any scale.
    const full = most === 0 ? 1 : most / MAX_WEIGHT;
    let minError = Number.POSITIVE_INFINITY;
    for (const clipping of CLIPPINGS) {
      const candidate = Math.fround(full * clipping);
      const error = rowError(row, candidate, power);
      if (error < minError) [minError, scale[o]] = [error, candidate];
    }
    for (let i = 0; i < inputs; i++) quantized[o * inputs + i] = rounded(row[i], scale[o]);
  }
  return { weight: quantized, scale };
}

function rowError(row: Float32Array, scale: number, power: Float64Array): number {
  let error = 0;
  for (let i = 0; i < row.length; i++) {
    error += power[i] * (row[i] - scale * rounded(row[i], scale)) ** 2;
  }
  return error;
}

function rounded(weight: number, scale: number): number {
  return Math.max(-MAX_WEIGHT, Math.min(Math.round(weight / scale), MAX_WEIGHT));
}

type ActivationUnit = Pick<QuantizedLayer, 'inputFractionBits' | 'inputLimit'>;

/** The network's own inputs come in a unit that is fixed. */
function inputUnit(
  layer: FloatLayer,
  weight: Int8Array,
  scale: Float32Array,
  inputFractionBits: number,
): ActivationUnit {
  const inputLimit = maxInput(layer, weight, scale, inputFractionBits);
  return { inputFractionBits, inputLimit };
}

/** The finest unit in which activations up to `largest` neither saturate nor overflow a sum. */
function activationUnit(
  layer: FloatLayer,
  weight: Int8Array,
  scale: Float32Array,
  largest: number,
): ActivationUnit {
  for (let inputFractionBits = MAX_FRACTION_BITS; inputFractionBits > 0; inputFractionBits--) {
    const inputLimit = maxInput(layer, weight, scale, inputFractionBits);
    if (largest * 2 ** inputFractionBits <= inputLimit) return { inputFractionBits, inputLimit };
  }
  return { inputFractionBits: 0, inputLimit: maxInput(layer, weight, scale, 0) };
}

/** The largest int16 input for which no row's sum can reach 2³¹. */
function maxInput(
  { inputs, outputs, bias }: FloatLayer,
  weight: Int8Array,
  scale: Float32Array,
  fractionBits: number,
): number {
  let largest = MAX_INT16;
  for (let o = 0; o < outputs; o++) {
    let sum = 0;
    for (let i = 0; i < inputs; i++) sum += Math.abs(weight[o * inputs + i]);
    const integerBias = Math.ceil(Math.abs(bias[o] / scale[o]) * 2 ** fractionBits);
    largest = Math.min(largest, Math.floor((MAX_SUM - 1 - integerBias) / Math.max(sum, 1)));
  }
  return largest;
}

/** The file that ships: layers in int8, and the origin of the float file carried on. */
export function serializeQuantized(
  layers: readonly QuantizedLayer[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const tensors: NewTensor[] = layers.flatMap((layer, index) => {
    const { inputs, outputs, weight, scale, bias } = layer;
    const name = `dense_${index + 1}`;
    return [
      { name: `${name}.weight`, dtype: 'I8' as const, shape: [outputs, inputs], data: weight },
      { name: `${name}.scale`, dtype: 'F32' as const, shape: [outputs], data: scale },
      { name: `${name}.bias`, dtype: 'F32' as const, shape: [outputs], data: bias },
    ];
  });
  return serializeSafetensors(tensors, {
    ...metadata,
    quantization: 'int8 weights per output row, int16 activations',
    inputFractionBits: JSON.stringify(layers.map((layer) => layer.inputFractionBits)),
    inputLimits: JSON.stringify(layers.map((layer) => layer.inputLimit)),
  });
}
