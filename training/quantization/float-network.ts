/** Runs a float network in plain TypeScript, without tfjs: what its quantized form is measured against. */

import type { FloatLayer, FloatNetwork } from './float-file.ts';

/**
 * Inputs (count, inputs of the first layer) → (count, outputs of the last layer): a generator's pixels
 * in −1…1, or a classifier's logits, whose softmax is left to the caller.
 */
export function runNetwork(
  { kind, layers, leakyReluSlope }: FloatNetwork,
  inputs: Float32Array,
): Float32Array {
  let activations = inputs;
  for (const [index, layer] of layers.entries()) {
    const sums = sumsOf(layer, activations);
    if (index < layers.length - 1) activations = leakyRelu(sums, leakyReluSlope);
    else activations = kind === 'generator' ? sums.map(Math.tanh) : sums;
  }
  return activations;
}

/** LeakyReLU (Maas et al. 2013) of each number. */
export function leakyRelu(sums: Float32Array, slope: number): Float32Array {
  return sums.map((x) => (x < 0 ? x * slope : x));
}

/** Rows of a batch that are computed side by side: a single sum would have to wait for each addition. */
const SIDE_BY_SIDE = 4;

/** (count, inputs) → (count, outputs) */
export function sumsOf(
  { inputs, outputs, weight, bias }: FloatLayer,
  batch: Float32Array,
): Float32Array {
  const count = batch.length / inputs;
  const sums = new Float32Array(count * outputs);
  for (let item = 0; item < count; item += SIDE_BY_SIDE) {
    // At the end of the batch the last row is repeated, which saves code for fewer rows.
    const items = [0, 1, 2, 3].map((i) => Math.min(item + i, count - 1));
    const [ax, bx, cx, dx] = items.map((i) => batch.subarray(i * inputs, (i + 1) * inputs));
    for (let o = 0; o < outputs; o++) {
      const row = o * inputs;
      let a = bias[o];
      let b = a;
      let c = a;
      let d = a;
      for (let i = 0; i < inputs; i++) {
        const w = weight[row + i];
        a += w * ax[i];
        b += w * bx[i];
        c += w * cx[i];
        d += w * dx[i];
      }
      sums[items[0] * outputs + o] = a;
      sums[items[1] * outputs + o] = b;
      sums[items[2] * outputs + o] = c;
      sums[items[3] * outputs + o] = d;
    }
  }
  return sums;
}
