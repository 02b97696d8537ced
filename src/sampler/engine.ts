/**
 * Runs generator and classifier in the kernel's memory. Knows nothing of seeds, or of which digit is
 * taken.
 */

import type { MemoryImage, PlacedLayer, PlacedNetwork } from './layout.ts';

const PAGE_BYTES = 65_536;

/** The exports of build/sampler.wasm. */
interface Kernel extends WebAssembly.Exports {
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

/** Each answer is a view of the kernel's memory, which the next call of the same kind overwrites. */
export interface Engine {
  /** Latent, and class if the generator takes one, in units of 2⁻¹² → grey levels 0 … 255, row by row. */
  generate(input: Int16Array): Uint8Array;
  /** Grey levels → logits, one for each class. */
  classify(pixels: Uint8Array): Float32Array;
}

/**
 * An engine with memory of its own.
 * @param module the compiled build/sampler.wasm
 */
export function createEngine(module: WebAssembly.Module, image: MemoryImage): Engine {
  const { generator, classifier, sums, memoryBytes } = image.layout;
  const pages = Math.ceil(memoryBytes / PAGE_BYTES);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  new Uint8Array(memory.buffer).set(image.constants);
  const kernel = new WebAssembly.Instance(module, { env: { memory } }).exports as Kernel;

  /** Layer by layer; a classifier's logits are left in `sums`. */
  function run({ layers, leakyReluSlope }: PlacedNetwork): void {
    for (let index = 0; index < layers.length; index++) {
      const at = layers[index];
      const { input, paddedInputs, weights, biases, multipliers, rows } = at;
      kernel.dense(input, paddedInputs, weights, biases, multipliers, rows, sums);
      if (at.activation === 'leakyRelu') {
        kernel.leakyRelu(sums, rows, leakyReluSlope, layers[index + 1].inputLimit, at.output);
      } else if (at.activation === 'tanh') {
        kernel.greyLevels(sums, rows, at.output);
      }
    }
  }

  const inputOf = ({ layers: [{ input, inputs }] }: PlacedNetwork): Int16Array =>
    new Int16Array(memory.buffer, input, inputs);

  return {
    generate: generator ? createGenerate(generator) : missing('generator'),
    classify: classifier ? createClassify(classifier) : missing('classifier'),
  };

  function createGenerate(network: PlacedNetwork): Engine['generate'] {
    const latent = inputOf(network);
    const { inputLimit } = network.layers[0];
    const { output, outputs } = lastOf(network);
    const pixels = new Uint8Array(memory.buffer, output, outputs);
    return (input) => {
      checkSize('latent', input, latent);
      for (let i = 0; i < input.length; i++) {
        latent[i] = Math.max(-inputLimit, Math.min(input[i], inputLimit));
      }
      run(network);
      return pixels;
    };
  }

  function createClassify(network: PlacedNetwork): Engine['classify'] {
    const picture = inputOf(network);
    const logits = new Float32Array(memory.buffer, sums, lastOf(network).outputs);
    return (pixels) => {
      checkSize('picture', pixels, picture);
      picture.set(pixels);
      run(network);
      return logits;
    };
  }
}

function lastOf({ layers }: PlacedNetwork): PlacedLayer {
  return layers[layers.length - 1];
}

function missing(kind: string): () => never {
  return () => {
    throw new RangeError(`there is no ${kind} in this engine`);
  };
}

function checkSize(
  what: string,
  { length }: { length: number },
  { length: expected }: Int16Array,
): void {
  if (length === expected) return;
  throw new RangeError(`the ${what} has ${length} numbers, expected ${expected}`);
}
