/**
 * Seed → latent → grey levels, with a network's weights laid out in the kernel's memory.
 *
 * The same seed gives the same pixels on every engine and processor. Knows nothing of where weights
 * come from or of what becomes of the pixels.
 */

import type { DenseLayer, Network } from './network.ts';
import { Random } from './random.ts';
import { LATENT_FRACTION_BITS, latentOf } from './seed.ts';

/** What the kernel takes at a time (kernel/index.ts); the rest is padded with zeros. */
const ROWS_AT_A_TIME = 8;
const INPUTS_AT_A_TIME = 16;
const PAGE_BYTES = 65_536;

/** The exports of build/sampler.wasm. */
interface Kernel extends WebAssembly.Exports {
  interleave(source: number, inputs: number, rows: number, target: number): void;
  dense(
    input: number,
    inputs: number,
    weights: number,
    biases: number,
    multipliers: number,
    rows: number,
    output: number,
  ): void;
  leakyRelu(values: number, count: number, slope: number, limit: number, output: number): void;
  greyLevels(values: number, count: number, output: number): void;
}

export interface Sampler {
  /** The grey levels, 0 … 255, of the digit of a seed (any text), row by row; 255 is ink. */
  digit(seed: string): Uint8Array;
  /** The grey levels of the digit of a latent vector in units of 2⁻¹². */
  generate(latent: Int16Array): Uint8Array;
}

/**
 * A sampler with memory of its own.
 * @param module the compiled build/sampler.wasm
 */
export function createSampler(module: WebAssembly.Module, generator: Network): Sampler {
  if (generator.inputFractionBits !== LATENT_FRACTION_BITS) {
    throw new RangeError(
      `the generator takes latents of ${generator.inputFractionBits} fraction bits, expected ${LATENT_FRACTION_BITS}`,
    );
  }
  const { places, scratch, sizeBytes } = placeLayers(generator.layers);
  const pages = Math.ceil(sizeBytes / PAGE_BYTES);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const instance = new WebAssembly.Instance(module, { env: { memory } });
  const kernel = instance.exports as Kernel;
  for (const place of places) storeLayer(kernel, memory.buffer, place, scratch);

  const first = places[0];
  const last = places[places.length - 1];
  const input = new Int16Array(memory.buffer, first.input, first.layer.inputs);
  const output = new Uint8Array(memory.buffer, last.output, last.layer.outputs);
  const inputLimit = first.layer.inputLimit;

  function generate(latent: Int16Array): Uint8Array {
    if (latent.length !== input.length) {
      throw new RangeError(`the latent has ${latent.length} numbers, expected ${input.length}`);
    }
    for (let i = 0; i < latent.length; i++) {
      input[i] = Math.max(-inputLimit, Math.min(latent[i], inputLimit));
    }
    for (const [index, { layer, ...at }] of places.entries()) {
      kernel.dense(at.input, at.inputs, at.weights, at.biases, at.multipliers, at.rows, scratch);
      if (layer.activation === 'tanh') {
        kernel.greyLevels(scratch, at.rows, at.output);
      } else {
        const limit = places[index + 1].layer.inputLimit;
        kernel.leakyRelu(scratch, at.rows, generator.leakyReluSlope, limit, at.output);
      }
    }
    return output.slice();
  }

  return {
    generate,
    digit: (seed) => generate(latentOf(Random.fromString(seed), input.length)),
  };
}

/** Where a layer and its activations lie in the kernel's memory, in bytes. */
interface PlacedLayer {
  readonly layer: DenseLayer;
  /** Inputs and rows with their padding. */
  readonly inputs: number;
  readonly rows: number;
  readonly input: number;
  readonly weights: number;
  readonly biases: number;
  readonly multipliers: number;
  readonly output: number;
}

/**
 * One after the other: a layer's input, weights, biases, multipliers, and then its output, which is
 * the next layer's input; behind them all, scratch space for the weights of the largest layer while
 * they are interleaved and for preactivations afterwards. Memory starts as zeros, and so padding is
 * zeros.
 */
function placeLayers(layers: readonly DenseLayer[]): {
  places: PlacedLayer[];
  scratch: number;
  sizeBytes: number;
} {
  let end = 0;
  const take = (sizeBytes: number): number => {
    const start = end;
    end += roundUp(sizeBytes, 16);
    return start;
  };
  let input = take(2 * roundUp(layers[0].inputs, INPUTS_AT_A_TIME));
  const places = layers.map((layer) => {
    const inputs = roundUp(layer.inputs, INPUTS_AT_A_TIME);
    const rows = roundUp(layer.outputs, ROWS_AT_A_TIME);
    const place = {
      layer,
      inputs,
      rows,
      input,
      weights: take(rows * inputs),
      biases: take(4 * rows),
      multipliers: take(4 * rows),
      output: take(2 * roundUp(rows, INPUTS_AT_A_TIME)),
    };
    input = place.output;
    return place;
  });
  const scratch = take(Math.max(...places.map(({ rows, inputs }) => rows * inputs)));
  return { places, scratch, sizeBytes: end };
}

function storeLayer(
  kernel: Kernel,
  buffer: ArrayBuffer,
  { layer, ...at }: PlacedLayer,
  scratch: number,
): void {
  const weights = new Int8Array(buffer, scratch, at.rows * at.inputs).fill(0);
  for (let row = 0; row < layer.outputs; row++) {
    const start = row * layer.inputs;
    weights.set(layer.weights.subarray(start, start + layer.inputs), row * at.inputs);
  }
  kernel.interleave(scratch, at.inputs, at.rows, at.weights);
  new Int32Array(buffer, at.biases).set(layer.biases);
  new Float32Array(buffer, at.multipliers).set(layer.multipliers);
}

function roundUp(size: number, multiple: number): number {
  return Math.ceil(size / multiple) * multiple;
}
