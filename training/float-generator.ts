/**
 * The generator in plain floating point, outside of tfjs: what the int8 generator is measured by.
 */
import type { FloatGenerator } from './generator-file.ts';
import { LEAKY_RELU_SLOPE } from './recipe.ts';

/** Called with the inputs of each layer in turn: (count, layer's inputs). */
export type Observe = (layer: number, inputs: Float32Array) => void;

/** Latents (count, latentSize) → pixels (count, outputs of the last layer) in −1…1. */
export function runGenerator(
  { layers }: FloatGenerator,
  latents: Float32Array,
  observe: Observe = () => {},
): Float32Array {
  const count = latents.length / layers[0].inputs;
  let activations = latents;
  for (const [index, { inputs, outputs, weight, bias }] of layers.entries()) {
    observe(index, activations);
    const last = index === layers.length - 1;
    const next = new Float32Array(count * outputs);
    for (let o = 0; o < outputs; o++) {
      const row = weight.subarray(o * inputs, (o + 1) * inputs);
      for (let item = 0; item < count; item++) {
        const sum = bias[o] + dot(row, activations, item * inputs);
        next[item * outputs + o] = last ? Math.tanh(sum) : leakyRelu(sum);
      }
    }
    activations = next;
  }
  return activations;
}

/** Four sums side by side: one alone would wait for each addition. */
function dot(row: Float32Array, activations: Float32Array, from: number): number {
  const { length } = row;
  let [a, b, c, d] = [0, 0, 0, 0];
  let i = 0;
  for (; i + 3 < length; i += 4) {
    a += row[i] * activations[from + i];
    b += row[i + 1] * activations[from + i + 1];
    c += row[i + 2] * activations[from + i + 2];
    d += row[i + 3] * activations[from + i + 3];
  }
  for (; i < length; i++) a += row[i] * activations[from + i];
  return a + b + (c + d);
}

function leakyRelu(x: number): number {
  return x < 0 ? x * LEAKY_RELU_SLOPE : x;
}

/** −1…1 → 0…255 */
export function greyLevels(pixels: ArrayLike<number>): Uint8Array {
  return Uint8Array.from(pixels, (value) => Math.round((value + 1) * 127.5));
}
