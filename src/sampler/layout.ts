/**
 * Where generator and classifier lie in the kernel's memory. Constants come first, layer by layer; behind
 * them, starting as zeros, activations and sums of two digits at once. Rows and inputs are padded with
 * zeros to what the kernel takes at a time (kernel/abi.ts). Not here: who lays them out, which happens when
 * the Worker is built.
 */

export type Activation = 'leakyRelu' | 'tanh' | 'softmax';

/** The kinds of networks, with what follows their last layer: pixels come from tanh, probabilities from softmax. */
export const LAST_ACTIVATIONS = { generator: 'tanh', classifier: 'softmax' } as const;
export type Kind = keyof typeof LAST_ACTIVATIONS;

/** Digits that go through a network together. */
export const DIGITS_AT_A_TIME = 2;

/** Addresses of the same thing, in bytes, one for each digit. */
export type PerDigit = readonly [number, number];

/** A layer in the kernel's memory; addresses in bytes. */
export interface PlacedLayer {
  /** Without and with padding. */
  readonly outputs: number;
  readonly rows: number;
  readonly inputs: number;
  readonly paddedInputs: number;
  readonly activation: Activation;
  /** int8, rows × paddedInputs, in blocks of 4 rows × 32 inputs */
  readonly weights: number;
  /** int32 × rows */
  readonly biases: number;
  /** float32 × rows */
  readonly multipliers: number;
  /** float32 × rows: what stands for 0 among the outputs. Of all layers but the last. */
  readonly zeros: number;
  /** uint8 × paddedInputs, each 0 … 127; of a generator's first layer int16. */
  readonly input: PerDigit;
  /** The next layer's input; of a generator's last layer, uint8 × rows. */
  readonly output: PerDigit;
}

export interface PlacedNetwork {
  readonly layers: readonly PlacedLayer[];
  readonly leakyReluSlope: number;
  /** Of the network's own input, which is within ± inputLimit. */
  readonly inputFractionBits: number;
  readonly inputLimit: number;
  readonly classes: number;
}

export interface Layout {
  readonly generator?: PlacedNetwork;
  readonly classifier?: PlacedNetwork;
  /** float32 × rows of the largest layer */
  readonly sums: PerDigit;
  readonly memoryBytes: number;
}

export interface MemoryImage {
  readonly layout: Layout;
  /** What memory starts with, from address 0. */
  readonly constants: Uint8Array;
}
