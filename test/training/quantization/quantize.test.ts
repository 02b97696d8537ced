import { describe, expect, test } from 'vitest';

import { LATENT_FRACTION_BITS } from '../../../src/sampler/seed.ts';
import { readNetwork } from '../../../training/bundle/network.ts';
import type { FloatLayer } from '../../../training/quantization/float-file.ts';
import { quantize } from '../../../training/quantization/quantize.ts';
import { calibrationOf, generatorOf, int8FileOf, quantized, sumsOf } from './generators.ts';

describe('int8 weights', () => {
  test('times their scale are the float weights, to half a unit where they are not clipped', () => {
    const generator = generatorOf();
    for (const [n, { inputs, weight, scale }] of quantized(generator).entries()) {
      for (const [i, integer] of weight.entries()) {
        const unit = scale[Math.floor(i / inputs)];
        const float = generator.layers[n].weight[i];
        expect(Math.abs(integer)).toBeLessThanOrEqual(127);
        if (Math.abs(integer) === 127) {
          expect(Math.abs(float)).toBeGreaterThanOrEqual(126.4999 * unit);
        } else {
          expect(Math.abs(integer * unit - float)).toBeLessThanOrEqual(0.50001 * unit);
        }
      }
    }
  });

  test('keep the biases to the bit', () => {
    const generator = generatorOf();
    for (const [n, { bias }] of quantized(generator).entries()) {
      expect(bias).toEqual(generator.layers[n].bias);
    }
  });
});

describe('activations', () => {
  test.each([0.5, 2, 8, 40])('of a network of gain %d can overflow no sum', (gain) => {
    // 1024 inputs, as in the recipe: with full int8 and int16 that would pass 2³¹.
    const generator = generatorOf(gain, [1024, 64, 8]);
    for (const layer of quantize(
      generator,
      calibrationOf(generator).subarray(0, 5 * 1024),
      LATENT_FRACTION_BITS,
    )) {
      const { inputs, outputs, weight, scale, bias, inputFractionBits, inputLimit } = layer;
      for (let row = 0; row < outputs; row++) {
        const weights = weight.subarray(row * inputs, (row + 1) * inputs);
        const sum = weights.reduce((total, w) => total + Math.abs(w), 0);
        const integerBias = Math.abs(bias[row] / scale[row]) * 2 ** inputFractionBits;
        expect(inputLimit * sum + integerBias + 1).toBeLessThanOrEqual(2 ** 31);
      }
      expect(inputLimit).toBeLessThanOrEqual(32_767);
      expect(inputFractionBits).toBeLessThanOrEqual(15);
    }
    expect(() => readNetwork(int8FileOf(generator))).not.toThrow();
  });

  test('that calibration shows do not saturate, and use more than a quarter of what there is', () => {
    const generator = generatorOf();
    const [, second] = quantized(generator);
    const largest = maxHidden(generator.layers[0], calibrationOf(generator));
    const units = largest * 2 ** second.inputFractionBits;
    expect(units).toBeLessThanOrEqual(second.inputLimit);
    expect(4 * units).toBeGreaterThan(second.inputLimit);
  });
});

function maxHidden(layer: FloatLayer, latents: Float32Array): number {
  let largest = 0;
  for (let i = 0; i < latents.length; i += layer.inputs) {
    const sums = sumsOf(layer, [...latents.subarray(i, i + layer.inputs)]);
    for (const sum of sums) largest = Math.max(largest, sum, -0.2 * sum);
  }
  return largest;
}
