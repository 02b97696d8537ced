/** Small generators in floating point, and the same quantized, for the tests of quantization. */

import { Random } from '../../../src/sampler/random.ts';
import { LATENT_FRACTION_BITS } from '../../../src/sampler/seed.ts';
import { serializeSafetensors } from '../../../src/weights/safetensors.ts';
import { glorotUniform } from '../../../training/backend/index.ts';
import type { FloatLayer, FloatNetwork } from '../../../training/quantization/float-file.ts';
import { drawInputs } from '../../../training/quantization/inputs.ts';
import { type QuantizedNetwork, quantize } from '../../../training/quantization/quantize.ts';
import { serializeQuantized } from '../../../training/quantization/quantized-file.ts';

const METADATA = {
  kind: 'generator',
  leakyReluSlope: '0.2',
  recipe: '{"epochs":3}',
  epochs: '3',
  seed: '42',
  dataset: 'MNIST',
};

/** A generator with weights some times those of a fresh one. */
export function generatorOf(gain = 2, sizes = [20, 32, 48, 30]): FloatNetwork {
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
  return {
    kind: 'generator',
    layers,
    leakyReluSlope: 0.2,
    classes: 0,
    metadata: { ...METADATA, ...shape },
  };
}

export function calibrationOf(generator: FloatNetwork): Float32Array {
  return drawInputs(Random.fromString('calibration'), 500, generator).reals;
}

export function quantized(generator: FloatNetwork): QuantizedNetwork {
  return quantize(generator, calibrationOf(generator), LATENT_FRACTION_BITS);
}

export function quantizedFileOf(generator: FloatNetwork): Uint8Array {
  return serializeQuantized(quantized(generator), generator.metadata);
}

export function floatFileOf(
  { layers, metadata: own }: FloatNetwork,
  metadata: Readonly<Record<string, string>> = own,
): Uint8Array {
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

/** A layer's sums, as plainly as can be. */
export function sumsOf(
  { inputs, weight, bias }: FloatLayer,
  activations: readonly number[],
): number[] {
  return [...bias].map((b, row) =>
    activations.reduce((sum, a, i) => sum + a * weight[row * inputs + i], b),
  );
}
