/** What a quantized network promises: its function, its ranges, and sums that fit. */

import { describe, expect, test } from 'vitest';

import { readNetwork } from '../../../training/bundle/network.ts';
import { leakyRelu, sumsOf } from '../../../training/quantization/float-network.ts';
import type { QuantizedNetwork } from '../../../training/quantization/quantize.ts';
import { calibrationOf, generatorOf, quantized, quantizedFileOf } from './generators.ts';

const generator = generatorOf();
const { layers } = quantized(generator);

test('weights are within 8 bits in the layer that takes latents, within 7 in all others', () => {
  for (const [n, { weight }] of layers.entries()) {
    const limit = n === 0 ? 127 : 63;
    expect(weight.every((w) => Math.abs(w) <= limit)).toBe(true);
    expect(weight.some((w) => Math.abs(w) > limit / 2)).toBe(true);
  }
});

test('weights times scales are a network of the same function', () => {
  const inputs = calibrationOf(generator).subarray(0, 100 * layers[0].inputs);
  const [exact, real] = [generator.layers, realLayers({ layers })].map((network) => {
    let activations: Float32Array = inputs;
    for (const [n, layer] of network.entries()) {
      const sums = sumsOf(layer, activations);
      activations = n < network.length - 1 ? leakyRelu(sums, 0.2) : sums;
    }
    return activations;
  });
  expect(rootMeanSquare(exact.map((x, i) => x - real[i]))).toBeLessThan(
    0.03 * rootMeanSquare(exact),
  );
});

test('zeros are there for every layer but the last, from 0 to 127', () => {
  expect(layers.map(({ zero }) => zero?.length)).toEqual([32, 48, undefined]);
  for (const { zero } of layers) expect(zero?.every((z) => z >= 0) ?? true).toBe(true);
});

test('sums are on average what they are in the float network', () => {
  // Of a last layer that takes what the float network gives, nothing is left but its own rounding.
  const shallow = generatorOf(2, [20, 30]);
  const [layer] = realLayers(quantized(shallow));
  const inputs = calibrationOf(shallow);
  const difference = sumsOf(layer, inputs).map((x, i) => x - sumsOf(shallow.layers[0], inputs)[i]);
  for (let o = 0; o < layer.outputs; o++) {
    const column = difference.filter((_, i) => i % layer.outputs === o);
    expect(Math.abs(column.reduce((sum, x) => sum + x, 0) / column.length)).toBeLessThan(1e-5);
  }
});

describe('a network of any gain', () => {
  test.each([0.5, 2, 8, 40])('%d is one that the kernel can run', (gain) => {
    const large = generatorOf(gain, [1024, 64, 8]);
    expect(() => readNetwork(quantizedFileOf(large))).not.toThrow();
  });
});

function realLayers({ layers: whole }: Pick<QuantizedNetwork, 'layers'>) {
  return whole.map(({ inputs, outputs, weight, scale, bias }) => ({
    inputs,
    outputs,
    weight: Float32Array.from(weight, (w, i) => w * scale[Math.floor(i / inputs)]),
    bias,
  }));
}

function rootMeanSquare(numbers: Float32Array): number {
  return Math.sqrt(numbers.reduce((sum, x) => sum + x * x, 0) / numbers.length);
}
