/**
 * Networks → the constant part of the kernel's memory, byte for byte, which a fresh runtime only has to copy.
 * src/sampler/layout.ts explains what lies where. Not here: reading networks and running them.
 */

import {
  ALIGNMENT_BYTES,
  BLOCK_ROWS,
  INPUTS_AT_A_TIME,
  ROWS_AT_A_TIME,
} from '../../src/sampler/kernel/abi.ts';
import type {
  MemoryImage,
  PerDigit,
  PlacedLayer,
  PlacedNetwork,
} from '../../src/sampler/layout.ts';
import type { DenseLayer, Network } from './network.ts';

type Place = Pick<
  PlacedLayer,
  'rows' | 'paddedInputs' | 'weights' | 'biases' | 'multipliers' | 'zeros'
>;

/** Places a generator, a classifier, or one of each. */
export function layOut(networks: readonly Network[]): MemoryImage {
  let end = 0;
  const take = (sizeBytes: number): number => {
    const start = end;
    end += roundUp(sizeBytes, ALIGNMENT_BYTES);
    return start;
  };
  const takePerDigit = (sizeBytes: number): PerDigit => [take(sizeBytes), take(sizeBytes)];
  const constants = networks.map(({ layers }) =>
    layers.map((layer): Place => {
      const rows = roundUp(layer.outputs, ROWS_AT_A_TIME);
      const paddedInputs = roundUp(layer.inputs, INPUTS_AT_A_TIME);
      const [weights, biases] = [take(rows * paddedInputs), take(4 * rows)];
      const [multipliers, zeros] = [take(4 * rows), take(layer.zeros ? 4 * rows : 0)];
      return { rows, paddedInputs, weights, biases, multipliers, zeros };
    }),
  );
  const bytes = new Uint8Array(end);
  const placed = networks.map((network, n): PlacedNetwork => {
    const { kind, leakyReluSlope, inputFractionBits, inputLimit, classes } = network;
    const inputBytes = kind === 'generator' ? 2 : 1;
    let input = takePerDigit(inputBytes * constants[n][0].paddedInputs);
    const layers = network.layers.map((layer, index): PlacedLayer => {
      const { outputs, inputs, activation } = layer;
      const place = constants[n][index];
      store(bytes, layer, place);
      const output = takePerDigit(roundUp(place.rows, INPUTS_AT_A_TIME));
      const at = { ...place, outputs, inputs, activation, input, output };
      input = output;
      return at;
    });
    return { layers, leakyReluSlope, inputFractionBits, inputLimit, classes };
  });
  const sums = takePerDigit(4 * Math.max(...constants.flat().map(({ rows }) => rows)));
  const byKind = Object.fromEntries(networks.map(({ kind }, n) => [kind, placed[n]]));
  return { layout: { ...byKind, sums, memoryBytes: end }, constants: bytes };
}

/** Stores weights in the order in which the kernel reads them: blocks of 4 rows × 32 inputs, row by row. */
function store(bytes: Uint8Array, layer: DenseLayer, place: Place): void {
  const { inputs, outputs, weights } = layer;
  const target = new Int8Array(bytes.buffer, place.weights);
  for (let row = 0; row < outputs; row++) {
    const lane = row % BLOCK_ROWS;
    const blocks = (row - lane) * place.paddedInputs + lane * INPUTS_AT_A_TIME;
    for (let input = 0; input < inputs; input += INPUTS_AT_A_TIME) {
      const start = row * inputs + input;
      const count = Math.min(INPUTS_AT_A_TIME, inputs - input);
      target.set(weights.subarray(start, start + count), blocks + input * BLOCK_ROWS);
    }
  }
  new Int32Array(bytes.buffer, place.biases).set(layer.biases);
  new Float32Array(bytes.buffer, place.multipliers).set(layer.multipliers);
  if (layer.zeros) new Float32Array(bytes.buffer, place.zeros).set(layer.zeros);
}

function roundUp(size: number, multiple: number): number {
  return Math.ceil(size / multiple) * multiple;
}
