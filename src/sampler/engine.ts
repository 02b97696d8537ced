/**
 * Runs generator and classifier in the kernel's memory, for one digit or for two at once. Knows nothing of
 * seeds, or of which digit is taken.
 */

import {
  DIGITS_AT_A_TIME,
  type MemoryImage,
  type PlacedLayer,
  type PlacedNetwork,
} from './layout.ts';

const PAGE_BYTES = 65_536;

/** The exports of build/sampler.wasm and build/sampler-plain.wasm, which compute the same. */
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
  densePair(
    input: number,
    other: number,
    inputs: number,
    weights: number,
    biases: number,
    multipliers: number,
    rows: number,
    output: number,
    otherOutput: number,
  ): void;
  denseOfLatent: Kernel['dense'];
  leakyRelu(values: number, count: number, slope: number, zeros: number, output: number): void;
  greyLevels(values: number, count: number, output: number): void;
  halve(pixels: number, count: number, output: number): void;
}

/**
 * Both take one digit or two. Answers are views of the kernel's memory, which the next call of the same kind
 * overwrites.
 */
export interface Engine {
  /** Latents, with their class if the generator takes one, in units of 2⁻¹² → grey levels 0 … 255, row by row. */
  draw(inputs: readonly Int16Array[]): readonly Uint8Array[];
  /** Grey levels → logits, one for each class. */
  classify(pictures: readonly Uint8Array[]): readonly Float32Array[];
}

/** What `run` gives for each of many, two at a time; each answer is good until the next one is asked for. */
export function* inPairs<Input, Output>(
  inputs: readonly Input[],
  run: (pair: readonly Input[]) => readonly Output[],
): Generator<Output> {
  for (let i = 0; i < inputs.length; i += DIGITS_AT_A_TIME) {
    yield* run(inputs.slice(i, i + DIGITS_AT_A_TIME));
  }
}

/**
 * An engine with memory of its own.
 * @param module the compiled kernel
 */
export function createEngine(module: WebAssembly.Module, image: MemoryImage): Engine {
  const { generator, classifier, sums, memoryBytes } = image.layout;
  const pages = Math.ceil(memoryBytes / PAGE_BYTES);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  new Uint8Array(memory.buffer).set(image.constants);
  const kernel = new WebAssembly.Instance(module, { env: { memory } }).exports as Kernel;

  return {
    draw: generator ? createDraw(generator) : missing('generator'),
    classify: classifier ? createClassify(classifier) : missing('classifier'),
  };

  function createDraw(network: PlacedNetwork): Engine['draw'] {
    const { inputLimit, layers } = network;
    const { inputs: inputSize } = layers[0];
    const { output, outputs } = lastOf(network);
    const latents = layers[0].input.map((at) => new Int16Array(memory.buffer, at, inputSize));
    const pictures = output.map((at) => new Uint8Array(memory.buffer, at, outputs));
    return (inputs) => {
      checkCount(inputs);
      for (let digit = 0; digit < inputs.length; digit++) {
        const [input, latent] = [inputs[digit], latents[digit]];
        checkSize('latent', input, inputSize);
        for (let i = 0; i < inputSize; i++) {
          latent[i] = Math.max(-inputLimit, Math.min(input[i], inputLimit));
        }
      }
      run(network, inputs.length);
      return inputs.length === 1 ? [pictures[0]] : pictures;
    };
  }

  function createClassify(network: PlacedNetwork): Engine['classify'] {
    const { input, inputs, paddedInputs } = network.layers[0];
    const pixels = input.map((at) => new Uint8Array(memory.buffer, at, inputs));
    const { outputs } = lastOf(network);
    const logits = sums.map((at) => new Float32Array(memory.buffer, at, outputs));
    return (pictures) => {
      checkCount(pictures);
      for (let digit = 0; digit < pictures.length; digit++) {
        checkSize('picture', pictures[digit], inputs);
        pixels[digit].set(pictures[digit]);
        kernel.halve(input[digit], paddedInputs, input[digit]);
      }
      run(network, pictures.length);
      return pictures.length === 1 ? [logits[0]] : logits;
    };
  }

  /** Layer by layer; a classifier's logits are left in `sums`. */
  function run({ layers, leakyReluSlope }: PlacedNetwork, digits: number): void {
    for (let index = 0; index < layers.length; index++) {
      const layer = layers[index];
      const isOfLatent = index === 0 && layers === generator?.layers;
      if (isOfLatent) {
        for (let digit = 0; digit < digits; digit++) dense(kernel.denseOfLatent, layer, digit);
      } else if (digits === 1) {
        dense(kernel.dense, layer, 0);
      } else {
        densePair(layer);
      }
      for (let digit = 0; digit < digits; digit++) {
        if (layer.activation === 'leakyRelu') {
          const { rows, zeros, output } = layer;
          kernel.leakyRelu(sums[digit], rows, leakyReluSlope, zeros, output[digit]);
        } else if (layer.activation === 'tanh') {
          kernel.greyLevels(sums[digit], layer.rows, layer.output[digit]);
        }
      }
    }
  }

  function dense(product: Kernel['dense'], layer: PlacedLayer, digit: number): void {
    const { input, paddedInputs, weights, biases, multipliers, rows } = layer;
    product(input[digit], paddedInputs, weights, biases, multipliers, rows, sums[digit]);
  }

  function densePair(layer: PlacedLayer): void {
    const { input, paddedInputs, weights, biases, multipliers, rows } = layer;
    const [one, other] = input;
    const [sumsOfOne, sumsOfOther] = sums;
    kernel.densePair(
      one,
      other,
      paddedInputs,
      weights,
      biases,
      multipliers,
      rows,
      sumsOfOne,
      sumsOfOther,
    );
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

function checkCount({ length }: { readonly length: number }): void {
  if (length >= 1 && length <= DIGITS_AT_A_TIME) return;
  throw new RangeError(`there are ${length} digits, expected 1 … ${DIGITS_AT_A_TIME}`);
}

function checkSize(what: string, { length }: { readonly length: number }, expected: number): void {
  if (length === expected) return;
  throw new RangeError(`the ${what} has ${length} numbers, expected ${expected}`);
}
