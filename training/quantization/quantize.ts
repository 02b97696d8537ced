/**
 * Float network → int8 network, in the arithmetic that src/sampler computes in.
 *
 * Weights become int8, symmetric, with one scale a row (per-channel symmetric quantization; Krishnamoorthi
 * 2018, arXiv:1806.08342). Activations become int16 with a power of two as their unit, coarse enough for
 * whatever calibration shows, and limited so that no sum can overflow int32. Biases stay real.
 */

import type { FloatNetwork, FloatLayer } from './float-file.ts';
import { runNetwork } from './float-network.ts';

/** One quantized layer; its real weights are `weight · scale` row by row. */
export interface QuantizedLayer {
  readonly inputs: number;
  readonly outputs: number;
  /** (outputs, inputs), −127…127 */
  readonly weight: Int8Array;
  /** (outputs) */
  readonly scale: Float32Array;
  /** (outputs) */
  readonly bias: Float32Array;
  /** Inputs are whole multiples of 2^−this. */
  readonly inputFractionBits: number;
  /** Inputs saturate at ± this many of those. */
  readonly inputLimit: number;
}

const MAX_WEIGHT = 127;
/** Activations are int16: at most 15 of their bits are a fraction, and they are at most 32767. */
export const MAX_FRACTION_BITS = 15;
export const MAX_ACTIVATION = 32767;
/** Sums below this fit int32. */
const MAX_SUM = 2 ** 31;
/** How far beyond the largest activation of calibration one may go: other inputs reach further. */
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
    largest[index] = maxOf(activations);
    power[index] = meanSquares(activations, network.layers[index].inputs);
  });
  return network.layers.map((layer, index) => {
    const rows = { ...layer, ...quantizeRows(layer, power[index]) };
    // The network's own inputs come in a fixed unit.
    const unit =
      index === 0
        ? { inputFractionBits, inputLimit: maxInput(rows, inputFractionBits) }
        : activationUnit(rows, largest[index] * HEADROOM);
    return { ...rows, ...unit };
  });
}

/** The largest absolute value; 0 of none. */
function maxOf(values: Float32Array): number {
  return values.reduce((max, x) => Math.max(max, Math.abs(x)), 0);
}

/** The mean square of each input over the batch, which is what an error in its weight costs. */
function meanSquares(activations: Float32Array, inputs: number): Float64Array {
  const sums = new Float64Array(inputs);
  for (let i = 0; i < activations.length; i++) sums[i % inputs] += activations[i] ** 2;
  return sums.map((sum) => (sum * inputs) / activations.length);
}

/** What is tried as the largest weight that int8 can show, as shares of a row's largest. */
const CLIPPINGS = Array.from({ length: 31 }, (_, i) => 1 - i / 100);

/** Rounds each row, with the scale for which the expected squared error of its sum is smallest. */
function quantizeRows(
  { inputs, outputs, weight }: FloatLayer,
  power: Float64Array,
): { weight: Int8Array; scale: Float32Array } {
  const quantized = new Int8Array(weight.length);
  const scale = new Float32Array(outputs);
  for (let o = 0; o < outputs; o++) {
    // An input that is always 0 in calibration was hardly trained. Its weights become 0, which compresses best.
    const row = weight
      .subarray(o * inputs, (o + 1) * inputs)
      .map((w, i) => (power[i] === 0 ? 0 : w));
    const largest = maxOf(row);
    // A row of zeros is all zeros at any scale.
    const full = largest === 0 ? 1 : largest / MAX_WEIGHT;
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

/** In which unit a layer takes its inputs, and where they saturate. */
type ActivationUnit = Pick<QuantizedLayer, 'inputFractionBits' | 'inputLimit'>;
type QuantizedRows = Omit<QuantizedLayer, keyof ActivationUnit>;

/** The finest unit in which activations up to `largest` neither saturate nor overflow a sum. */
function activationUnit(rows: QuantizedRows, largest: number): ActivationUnit {
  for (let inputFractionBits = MAX_FRACTION_BITS; inputFractionBits > 0; inputFractionBits--) {
    const inputLimit = maxInput(rows, inputFractionBits);
    if (largest * 2 ** inputFractionBits <= inputLimit) return { inputFractionBits, inputLimit };
  }
  return { inputFractionBits: 0, inputLimit: maxInput(rows, 0) };
}

/** The largest int16 input for which no row's sum can reach 2³¹. */
function maxInput(
  { inputs, outputs, weight, scale, bias }: QuantizedRows,
  fractionBits: number,
): number {
  let largest = MAX_ACTIVATION;
  for (let o = 0; o < outputs; o++) {
    let sum = 0;
    for (let i = 0; i < inputs; i++) sum += Math.abs(weight[o * inputs + i]);
    const integerBias = Math.ceil(Math.abs(bias[o] / scale[o]) * 2 ** fractionBits);
    largest = Math.min(largest, Math.floor((MAX_SUM - 1 - integerBias) / Math.max(sum, 1)));
  }
  return largest;
}
