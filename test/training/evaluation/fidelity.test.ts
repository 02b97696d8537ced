import { describe, expect, test } from 'vitest';

import type { Engine } from '../../../src/sampler/engine.ts';
import { Random } from '../../../src/sampler/random.ts';
import { loadEngine } from '../../../training/bundle/engine.ts';
import { measureFidelity } from '../../../training/evaluation/fidelity.ts';
import type { FloatLayer, FloatNetwork } from '../../../training/quantization/float-file.ts';
import { generatorOf, quantizedFileOf, sumsOf } from '../quantization/generators.ts';

describe('a generator with', () => {
  test.each([
    ['a row of zeros', (layer: FloatLayer) => layer.weight.fill(0, 0, layer.inputs)],
    ['weights of one value', (layer: FloatLayer) => layer.weight.fill(0.25)],
    ['an outlier', (layer: FloatLayer) => layer.weight.set([3], 5)],
    ['large biases', (layer: FloatLayer) => layer.bias.fill(-40)],
  ])('%s keeps its pixels', (_, change) => {
    const generator = generatorOf();
    change(generator.layers[1]);
    const { draw } = loadEngine(quantizedFileOf(generator));
    const { meanAbsError } = measureFidelity(generator, { draw }, Random.fromString('f'), 50);
    expect(meanAbsError).toBeLessThan(2);
  });
});

describe('fidelity', () => {
  const generator = generatorOf(1);

  test('of the quantized generator, on the kernel that ships, is well within what is asked', () => {
    const { draw } = loadEngine(quantizedFileOf(generator));
    const fidelity = measureFidelity(generator, { draw }, Random.fromString('f'), 100);
    expect(fidelity.meanAbsError).toBeLessThan(1);
    expect(fidelity.p999AbsError).toBeLessThanOrEqual(32);
    expect(fidelity.maxAbsError).toBeGreaterThanOrEqual(fidelity.p999AbsError);
  });

  test('finds what is wrong, and how much', () => {
    const exact = measureFidelity(generator, { draw: floatPixels(0) }, Random.fromString('f'), 100);
    expect(exact).toMatchObject({ meanAbsError: 0, maxAbsError: 0, p999AbsError: 0, within16: 1 });
    const off = measureFidelity(generator, { draw: floatPixels(20) }, Random.fromString('f'), 100);
    expect(off).toEqual({
      latents: 100,
      meanAbsError: 20 / 30,
      maxAbsError: 20,
      p999AbsError: 20,
      within16: 29 / 30,
    });
  });

  test('tells how many digits a classifier takes for the same class', () => {
    const draw = floatPixels(0);
    const same = measureFidelity(generator, { draw, classify }, Random.fromString('f'), 100);
    expect(same.sameClass).toBe(1);
    const inverted: Engine['draw'] = (latents) => draw(latents).map((p) => p.map((x) => 255 - x));
    const other = measureFidelity(
      generator,
      { draw: inverted, classify },
      Random.fromString('f'),
      100,
    );
    expect(other.sameClass).toBeLessThan(0.1);
  });

  /** The float generator's own pixels, but the first of each digit is off by `error`. */
  function floatPixels(error: number): Engine['draw'] {
    return (latents) =>
      latents.map((latent) => {
        const pixels = plainPixels(generator, latent);
        pixels[0] += pixels[0] < 128 ? error : -error;
        return pixels;
      });
  }
});

/** The float generator once more, as plainly as can be. */
function plainPixels({ layers }: FloatNetwork, latent: Int16Array): Uint8Array {
  let activations = [...latent].map((units) => units / 4096);
  for (const [n, layer] of layers.entries()) {
    const sums = sumsOf(layer, activations);
    activations = sums.map((x) => (n === layers.length - 1 ? Math.tanh(x) : Math.max(x, 0.2 * x)));
  }
  return Uint8Array.from(activations, (x) => Math.round((x + 1) * 127.5));
}

/** Tells whether the first pixel is bright. */
const classify: Engine['classify'] = ([[first]]) => [Float32Array.of(first, 128)];
