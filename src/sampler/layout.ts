/**
 * Where generator and classifier lie in the kernel's memory, and the bytes of all that never changes
 * there. Made when the Worker is built, so that a fresh runtime only has to copy it.
 *
 * Constants come first, layer by layer; behind them, starting as zeros, the activations and scratch
 * space for the sums of the largest layer. Rows and inputs are padded with zeros to what the kernel
 * (kernel/index.ts) takes at a time. Not here: reading networks, running them.
 */

import type { Activation, DenseLayer, Network } from './network.ts';

const ROWS_AT_A_TIME = 8;
const INPUTS_AT_A_TIME = 16;
/** The kernel reads and writes 16 bytes at once. */
const ALIGNMENT_BYTES = 16;

/** A layer in the kernel's memory; addresses in bytes. */
export interface PlacedLayer {
  /** Without and with padding. */
  readonly outputs: number;
  readonly rows: number;
  readonly inputs: number;
  readonly paddedInputs: number;
  readonly activation: Activation;
  /** Input activations lie in −inputLimit … inputLimit. */
  readonly inputLimit: number;
  /** int8, rows × paddedInputs, in blocks of 8 rows × 16 inputs */
  readonly weights: number;
  /** int32 × rows */
  readonly biases: number;
  /** float32 × rows */
  readonly multipliers: number;
  /** int16 × paddedInputs */
  readonly input: number;
  /** The next layer's input; of the last layer, uint8 × rows. */
  readonly output: number;
}

export interface PlacedNetwork {
  readonly layers: readonly PlacedLayer[];
  readonly leakyReluSlope: number;
  readonly inputFractionBits: number;
  readonly classes: number;
}

export interface Layout {
  readonly generator?: PlacedNetwork;
  readonly classifier?: PlacedNetwork;
  /** float32 × rows of the largest layer */
  readonly sums: number;
  readonly memoryBytes: number;
}

export interface MemoryImage {
  readonly layout: Layout;
  /** What memory starts with, from address 0. */
  readonly constants: Uint8Array;
}

/** Gives each network its place: a generator, a classifier, or one of each. */
export function layOut(networks: readonly Network[]): MemoryImage {
  let end = 0;
  const take = (sizeBytes: number): number => {
    const start = end;
    end += roundUp(sizeBytes, ALIGNMENT_BYTES);
    return start;
  };
  const constants = networks.map(({ layers }) =>
    layers.map((layer) => {
      const rows = roundUp(layer.outputs, ROWS_AT_A_TIME);
      const paddedInputs = roundUp(layer.inputs, INPUTS_AT_A_TIME);
      const [weights, biases] = [take(rows * paddedInputs), take(4 * rows)];
      return { rows, paddedInputs, weights, biases, multipliers: take(4 * rows) };
    }),
  );
  const bytes = new Uint8Array(end);
  const placed = networks.map((network, n): PlacedNetwork => {
    let input = take(2 * constants[n][0].paddedInputs);
    const layers = network.layers.map((layer, index) => {
      const { outputs, inputs, activation, inputLimit } = layer;
      const place = constants[n][index];
      store(bytes, layer, place);
      const output = take(2 * roundUp(place.rows, INPUTS_AT_A_TIME));
      const at = { ...place, outputs, inputs, activation, inputLimit, input, output };
      input = output;
      return at;
    });
    const { leakyReluSlope, inputFractionBits, classes } = network;
    return { layers, leakyReluSlope, inputFractionBits, classes };
  });
  const sums = take(4 * Math.max(...constants.flat().map(({ rows }) => rows)));
  const byKind = Object.fromEntries(networks.map(({ kind }, n) => [kind, placed[n]]));
  return { layout: { ...byKind, sums, memoryBytes: end }, constants: bytes };
}

type Place = Pick<PlacedLayer, 'rows' | 'paddedInputs' | 'weights' | 'biases' | 'multipliers'>;

/** Weights in the order in which the kernel reads them: blocks of 8 rows × 16 inputs, row by row. */
function store(bytes: Uint8Array, layer: DenseLayer, place: Place): void {
  const { inputs, outputs, weights } = layer;
  const target = new Int8Array(bytes.buffer, place.weights);
  for (let row = 0; row < outputs; row++) {
    const lane = row % ROWS_AT_A_TIME;
    const block = (row - lane) * place.paddedInputs + lane * INPUTS_AT_A_TIME;
    for (let input = 0; input < inputs; input += INPUTS_AT_A_TIME) {
      const start = row * inputs + input;
      const count = Math.min(INPUTS_AT_A_TIME, inputs - input);
      target.set(weights.subarray(start, start + count), block + input * ROWS_AT_A_TIME);
    }
  }
  new Int32Array(bytes.buffer, place.biases).set(layer.biases);
  new Float32Array(bytes.buffer, place.multipliers).set(layer.multipliers);
}

function roundUp(size: number, multiple: number): number {
  return Math.ceil(size / multiple) * multiple;
}
