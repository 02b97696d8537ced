/**
 * Where generator and classifier lie in the kernel's memory. Constants come first, layer by layer; behind
 * them, starting as zeros, the activations and scratch space for the sums of the largest layer. Rows and
 * inputs are padded with zeros to what the kernel takes at a time (kernel/abi.ts). Not here: who lays them
 * out, which happens when the Worker is built.
 */

export type Activation = 'leakyRelu' | 'tanh' | 'softmax';

/** The kinds of networks, with what follows their last layer: pixels come from tanh, probabilities from softmax. */
export const LAST_ACTIVATIONS = { generator: 'tanh', classifier: 'softmax' } as const;
export type Kind = keyof typeof LAST_ACTIVATIONS;

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
