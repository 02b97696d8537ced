/** A network in plain floating point, outside of tfjs: what its int8 form is measured by. */

import { LEAKY_RELU_SLOPE } from '../gan/recipe.ts';
import type { FloatNetwork, FloatLayer } from './float-file.ts';

/** Called with the inputs of each layer in turn: (count, layer's inputs). */
export type Observe = (layer: number, inputs: Float32Array) => void;

/**
 * Inputs (count, inputs of the first layer) → (count, outputs of the last layer): pixels in −1…1 of a
 * generator, logits of a classifier, whose softmax is left to the caller.
 */
export function runNetwork(
  { layers, metadata }: FloatNetwork,
  inputs: Float32Array,
  observe: Observe = () => {},
): Float32Array {
  const finish = metadata['kind'] === 'classifier' ? (x: number) => x : Math.tanh;
  let activations = inputs;
  for (const [index, layer] of layers.entries()) {
    observe(index, activations);
    activations = sumsOf(layer, activations);
    const last = index === layers.length - 1;
    for (let i = 0; i < activations.length; i++) {
      activations[i] = last ? finish(activations[i]) : leakyRelu(activations[i]);
    }
  }
  return activations;
}

/** Rows of a batch that are computed side by side: one sum alone would wait for each addition. */
const SIDE_BY_SIDE = 4;

/** (count, inputs) → (count, outputs) */
function sumsOf({ inputs, outputs, weight, bias }: FloatLayer, batch: Float32Array): Float32Array {
  const count = batch.length / inputs;
  const sums = new Float32Array(count * outputs);
  for (let item = 0; item < count; item += SIDE_BY_SIDE) {
    // What is left of the batch at its end is computed more than once rather than apart.
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

function leakyRelu(x: number): number {
  return x < 0 ? x * LEAKY_RELU_SLOPE : x;
}

/** −1…1 → 0…255 */
export function greyLevels(pixels: ArrayLike<number>): Uint8Array {
  return Uint8Array.from(pixels, (value) => Math.round((value + 1) * 127.5));
}
