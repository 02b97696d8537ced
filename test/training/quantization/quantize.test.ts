import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { Random } from '../../../src/sampler/random.ts';
import { LATENT_FRACTION_BITS } from '../../../src/sampler/seed.ts';
import { parseSafetensors } from '../../../src/weights/safetensors.ts';
import { serializeSafetensors } from '../../../src/weights/safetensors.ts';
import { glorotUniform } from '../../../training/backend/index.ts';
import { loadEngine } from '../../../training/bundle/engine.ts';
import { readNetwork } from '../../../training/bundle/network.ts';
import { drawInputs, measureFidelity } from '../../../training/evaluation/fidelity.ts';
import {
  type FloatNetwork,
  type FloatLayer,
  parseNetwork,
} from '../../../training/quantization/float-file.ts';
import {
  type QuantizedLayer,
  quantize,
  serializeQuantized,
} from '../../../training/quantization/quantize.ts';
import { run, temporaryFolder } from '../helpers.ts';

const METADATA = {
  kind: 'generator',
  leakyReluSlope: '0.2',
  recipe: '{"epochs":3}',
  epochs: '3',
  seed: '42',
  dataset: 'MNIST',
};

/** A generator with weights some times those of a fresh one. */
function generatorOf(gain = 2, sizes = [20, 32, 48, 30]): FloatNetwork {
  const random = Random.fromString('generator');
  const layers = sizes.slice(1).map((outputs, i): FloatLayer => {
    const inputs = sizes[i];
    return {
      inputs,
      outputs,
      weight: glorotUniform(random, inputs, outputs).map((w) => gain * w),
      bias: Float32Array.from({ length: outputs }, () => 0.1 * random.normal()),
    };
  });
  const activations = layers.map((_, i) => (i + 1 < layers.length ? 'leakyRelu' : 'tanh'));
  const shape = { sizes: JSON.stringify(sizes), activations: JSON.stringify(activations) };
  return { layers, metadata: { ...METADATA, ...shape } };
}

function calibrationOf(generator: FloatNetwork): Float32Array {
  return drawInputs(Random.fromString('calibration'), 200, generator).reals;
}

function quantized(generator: FloatNetwork): QuantizedLayer[] {
  return quantize(generator, calibrationOf(generator), LATENT_FRACTION_BITS);
}

describe('int8 weights', () => {
  it('times their scale are the float weights, to half a unit where they are not clipped', () => {
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

  it('keep the biases to the bit', () => {
    const generator = generatorOf();
    for (const [n, { bias }] of quantized(generator).entries()) {
      expect(bias).toEqual(generator.layers[n].bias);
    }
  });
});

describe('activations', () => {
  it.each([0.5, 2, 8, 40])('of a network of gain %d can overflow no sum', (gain) => {
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
    expect(() => readNetwork(fileOf(generator))).not.toThrow();
  });

  it('that calibration shows do not saturate, and use more than a quarter of what there is', () => {
    const generator = generatorOf();
    const [, second] = quantized(generator);
    const largest = maxHidden(generator.layers[0], calibrationOf(generator));
    const units = largest * 2 ** second.inputFractionBits;
    expect(units).toBeLessThanOrEqual(second.inputLimit);
    expect(4 * units).toBeGreaterThan(second.inputLimit);
  });
});

describe('a generator with', () => {
  it.each([
    ['a row of zeros', (layer: FloatLayer) => layer.weight.fill(0, 0, layer.inputs)],
    ['weights of one value', (layer: FloatLayer) => layer.weight.fill(0.25)],
    ['an outlier', (layer: FloatLayer) => layer.weight.set([3], 5)],
    ['large biases', (layer: FloatLayer) => layer.bias.fill(-40)],
  ])('%s keeps its pixels', (_, change) => {
    const generator = generatorOf();
    change(generator.layers[1]);
    const { generate } = loadEngine(fileOf(generator));
    const { meanAbsError } = measureFidelity(generator, generate, Random.fromString('f'), 50);
    expect(meanAbsError).toBeLessThan(1);
  });
});

describe('fidelity', () => {
  const generator = generatorOf(1);

  it('of the int8 generator, on the kernel that ships, is well within what is asked', () => {
    const { generate } = loadEngine(fileOf(generator));
    const fidelity = measureFidelity(generator, generate, Random.fromString('f'), 100);
    expect(fidelity.meanAbsError).toBeLessThan(0.5);
    expect(fidelity.p999AbsError).toBeLessThanOrEqual(16);
    expect(fidelity.within16).toBeGreaterThan(0.999);
    expect(fidelity.maxAbsError).toBeGreaterThanOrEqual(fidelity.p999AbsError);
  });

  it('finds what is wrong, and how much', () => {
    const exact = measureFidelity(generator, floatPixels(0), Random.fromString('f'), 100);
    expect(exact).toMatchObject({ meanAbsError: 0, maxAbsError: 0, p999AbsError: 0, within16: 1 });
    const off = measureFidelity(generator, floatPixels(20), Random.fromString('f'), 100);
    expect(off).toEqual({
      latents: 100,
      meanAbsError: 20 / 30,
      maxAbsError: 20,
      p999AbsError: 20,
      within16: 29 / 30,
    });
  });

  /** The float generator's own pixels, the first of each picture off by so much. */
  function floatPixels(error: number): (latent: Int16Array) => Uint8Array {
    return (latent) => {
      const pixels = plainPixels(generator, latent);
      pixels[0] += pixels[0] < 128 ? error : -error;
      return pixels;
    };
  }
});

describe('npm run quantize', () => {
  it('writes weights that the Worker reads, and says what they are', async () => {
    const folder = temporaryFolder();
    const source = join(folder, 'generator.safetensors');
    const generator = generatorOf(2, [20, 32, 784]);
    writeFileSync(source, floatFileOf(generator));
    const out = join(folder, 'new', 'int8.safetensors');
    const ended = await run('quantize', ['--from', folder, '--out', out]);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toMatch(/mean 0\.\d+, 99\.9 % of the pixels at most \d+, .* largest \d+/);

    const bytes = readFileSync(out);
    expect(readNetwork(bytes).layers.map(({ outputs }) => outputs)).toEqual([32, 784]);
    const { metadata } = parseSafetensors(bytes);
    expect(metadata).toMatchObject({
      ...generator.metadata,
      sha256: createHash('sha256').update(readFileSync(source)).digest('hex'),
      quantization: 'int8 weights per output row, int16 activations',
    });
    expect(JSON.parse(metadata['fidelity'])).toMatchObject({ latents: 1000 });

    const again = join(folder, 'again.safetensors');
    await run('quantize', ['--from', source, '--out', again]);
    expect(readFileSync(again)).toEqual(bytes);
  });

  it('refuses what is no generator, and leaves the weights that are there', async () => {
    const folder = temporaryFolder();
    const [source, out] = [join(folder, 'x.safetensors'), join(folder, 'int8.safetensors')];
    writeFileSync(out, 'the weights so far');
    const broken: [contents: Uint8Array | undefined, says: string][] = [
      [undefined, 'no such run'],
      [new Uint8Array(3), 'no float generator'],
      [serializeSafetensors([], { kind: 'checkpoint' }), 'no float generator'],
      [serializeSafetensors([], generatorOf().metadata), 'dense_1.weight'],
    ];
    for (const [contents, says] of broken) {
      if (contents !== undefined) writeFileSync(source, contents);
      const { code, stderr } = await run('quantize', ['--from', source, '--out', out]);
      expect(code).toBe(1);
      expect(stderr).toMatch(/^.*\n$/);
      expect(stderr).toContain(says);
    }
    const elsewhere = await run('quantize', ['--from', folder, '--out', out]);
    expect(elsewhere.code).toBe(1);
    expect(elsewhere.stderr).toMatch(/^.*found no run in this folder.*\n$/);
    writeFileSync(join(folder, 'config.json'), '{}');
    const unfinished = await run('quantize', ['--from', folder, '--out', out]);
    expect(unfinished.code).toBe(1);
    expect(unfinished.stderr).toMatch(/^.*--resume.*snapshots.*\n$/);
    expect(readFileSync(out, 'utf8')).toBe('the weights so far');
  });

  it('asks for --from with exit code 2', async () => {
    const { code, stderr } = await run('quantize', []);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^--from: .*\n$/);
    expect(existsSync('undefined')).toBe(false);
  });
});

describe('a float generator file', () => {
  it('is read as it was written', () => {
    const generator = generatorOf();
    expect(parseNetwork(floatFileOf(generator), 'file')).toEqual(generator);
  });
});

function fileOf(generator: FloatNetwork): Uint8Array {
  return serializeQuantized(quantized(generator), generator.metadata);
}

function floatFileOf({ layers, metadata }: FloatNetwork): Uint8Array {
  const tensors = layers.flatMap(({ inputs, outputs, weight, bias }, i) => [
    {
      name: `dense_${i + 1}.weight`,
      dtype: 'F32' as const,
      shape: [outputs, inputs],
      data: weight,
    },
    { name: `dense_${i + 1}.bias`, dtype: 'F32' as const, shape: [outputs], data: bias },
  ]);
  return serializeSafetensors(tensors, metadata);
}

/** The float generator once more, as plainly as can be. */
function plainPixels({ layers }: FloatNetwork, latent: Int16Array): Uint8Array {
  let activations = [...latent].map((units) => units / 4096);
  for (const [n, layer] of layers.entries()) {
    const sums = sumsOf(layer, activations);
    activations = sums.map((x) => (n === layers.length - 1 ? Math.tanh(x) : Math.max(x, 0.2 * x)));
  }
  return Uint8Array.from(activations, (x) => Math.round((x + 1) * 127.5));
}

function sumsOf({ inputs, weight, bias }: FloatLayer, activations: readonly number[]): number[] {
  return [...bias].map((b, row) =>
    activations.reduce((sum, a, i) => sum + a * weight[row * inputs + i], b),
  );
}

function maxHidden(layer: FloatLayer, latents: Float32Array): number {
  let largest = 0;
  for (let i = 0; i < latents.length; i += layer.inputs) {
    const sums = sumsOf(layer, [...latents.subarray(i, i + layer.inputs)]);
    for (const sum of sums) largest = Math.max(largest, sum, -0.2 * sum);
  }
  return largest;
}
