/**
 * A quantized network: a safetensors file of whole weights → layers ready for whole-number arithmetic.
 *
 * A generator's first layer takes int16 latents a of real value a · 2⁻ᶠ and int8 weights; every other layer
 * takes unsigned 7-bit activations q, of which each channel has a whole number z that stands for 0, and
 * weights within ±63. A row's sum b + Σ w·(q − z) is exact in int32 and none of its parts leaves 16 bits
 * where the kernel adds in 16 bits: both are checked here for the worst activations possible, so that the
 * kernel need not check. Nothing in a file is trusted. Not here: running a network (src/sampler) and making
 * one (training/quantization).
 */

import { MAX_ACTIVATION, MAX_WEIGHT } from '../../src/sampler/kernel/abi.ts';
import { type Activation, type Kind, LAST_ACTIVATIONS } from '../../src/sampler/layout.ts';
import { MAX_LATENT } from '../../src/sampler/seed.ts';
import { abridge, quote } from '../../src/weights/quote.ts';
import {
  float32Of,
  int8Of,
  parseSafetensors,
  type Safetensors,
  type SafetensorsTensor,
} from '../../src/weights/safetensors.ts';

export interface DenseLayer {
  readonly inputs: number;
  readonly outputs: number;
  readonly activation: Activation;
  /** (outputs, inputs) */
  readonly weights: Int8Array;
  /** (outputs), in units of a row's sum; what the inputs' zeros add is taken off. */
  readonly biases: Int32Array;
  /** (outputs): one unit of a row's sum, in units of the output's channel or as a real number. */
  readonly multipliers: Float32Array;
  /** (outputs): what stands for 0 among the next layer's inputs, 0 … 127; of all layers but the last. */
  readonly zeros?: Int8Array;
}

export interface Network {
  /** Decides what follows the last layer: tanh for a generator's pixels, softmax for a classifier's probabilities. */
  readonly kind: Kind;
  readonly layers: readonly DenseLayer[];
  readonly leakyReluSlope: number;
  /** Fraction bits f of the first layer's input. */
  readonly inputFractionBits: number;
  /** The first layer's inputs are within ± this. */
  readonly inputLimit: number;
  /** How many of the first layer's inputs, its last ones, are a one-hot class; 0 for none. */
  readonly classes: number;
  readonly metadata: Readonly<Record<string, string>>;
}

/** What is wrong with a network whose file is sound: one code for each fault. */
export type NetworkErrorCode =
  | 'MissingMetadata'
  | 'BadMetadata'
  | 'OldArithmetic'
  | 'UnknownKind'
  | 'UnknownActivation'
  | 'MissingTensor'
  | 'UnknownTensor'
  | 'WrongDtype'
  | 'WrongShape'
  | 'BadScale'
  | 'BadWeight'
  | 'BadZero'
  | 'BadBias'
  | 'SumOverflow';

export class NetworkError extends Error {
  override readonly name = 'NetworkError';
  readonly code: NetworkErrorCode;

  constructor(code: NetworkErrorCode, message: string) {
    super(`network: ${message}`);
    this.code = code;
  }
}

/**
 * The network in a quantized safetensors file.
 * @throws SafetensorsError for a malformed file, NetworkError for a malformed network
 */
export function readNetwork(file: Uint8Array | Safetensors): Network {
  const { metadata, tensors } = file instanceof Uint8Array ? parseSafetensors(file) : file;
  const header = readHeader(metadata);
  const layers: DenseLayer[] = [];
  for (const index of header.activations.keys()) {
    layers.push(readLayer(index, header, tensors, layers.at(-1)?.zeros));
  }
  const known = new Set(layers.flatMap((_, index) => tensorNames(index, layers.length)));
  const unknown = [...tensors.keys()].filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new NetworkError(
      'UnknownTensor',
      `tensors that belong to no layer: ${abridge(unknown.join(', '))}`,
    );
  }
  const { kind, classes, leakyReluSlope, inputFractionBits, inputLimit } = header;
  return { kind, classes, layers, leakyReluSlope, inputFractionBits, inputLimit, metadata };
}

interface Header {
  readonly kind: Kind;
  readonly classes: number;
  readonly sizes: readonly number[];
  readonly activations: readonly Activation[];
  readonly leakyReluSlope: number;
  readonly inputFractionBits: number;
  readonly inputLimit: number;
}

/** Far beyond what fits at the edge. */
const MAX_SIZE = 2 ** 20;
/** Of int16 latents. */
const MAX_FRACTION_BITS = 15;
/** By kind: latents are int16, pictures 7 bits. */
const MAX_INPUT = { generator: MAX_LATENT, classifier: MAX_ACTIVATION } as const;

function readHeader(metadata: Readonly<Record<string, string>>): Header {
  if (Object.hasOwn(metadata, 'inputLimits')) {
    throw new NetworkError(
      'OldArithmetic',
      'its activations have 16 bits, expected 7: quantize the network anew',
    );
  }
  const kind = kindOf(metadata);
  const sizes = wholeNumbers(metadata, 'sizes', 1, MAX_SIZE);
  const classes = classesOf(metadata, sizes[0]);
  const layerCount = sizes.length - 1;
  const activations = jsonOf(metadata, 'activations');
  const inputFractionBits = wholeNumber(metadata, 'inputFractionBits', 0, MAX_FRACTION_BITS);
  const inputLimit = wholeNumber(metadata, 'inputLimit', 1, MAX_INPUT[kind]);
  const leakyReluSlope = jsonOf(metadata, 'leakyReluSlope');
  if (layerCount < 1) {
    throw new NetworkError('BadMetadata', `sizes is ${quote(sizes)}, expected two or more`);
  }
  if (!Array.isArray(activations)) {
    throw new NetworkError('BadMetadata', 'activations is not a list');
  }
  if (activations.length !== layerCount) {
    throw new NetworkError(
      'BadMetadata',
      `activations names ${activations.length} layers, expected ${layerCount}`,
    );
  }
  const expected = activations.map((_, index) =>
    index < layerCount - 1 ? 'leakyRelu' : LAST_ACTIVATIONS[kind],
  );
  if (activations.some((activation, index) => activation !== expected[index])) {
    throw new NetworkError(
      'UnknownActivation',
      `activations are ${quote(activations)}, expected ${JSON.stringify(expected)}`,
    );
  }
  if (typeof leakyReluSlope !== 'number' || !(leakyReluSlope > 0 && leakyReluSlope < 1)) {
    throw new NetworkError(
      'BadMetadata',
      `leakyReluSlope is ${quote(leakyReluSlope)}, expected a number between 0 and 1`,
    );
  }
  return {
    kind,
    classes,
    sizes,
    activations: expected,
    leakyReluSlope,
    inputFractionBits,
    inputLimit,
  };
}

function kindOf(metadata: Readonly<Record<string, string>>): Kind {
  const { kind } = metadata;
  if (kind === 'generator' || kind === 'classifier') return kind;
  const expected = Object.keys(LAST_ACTIVATIONS).join(' or ');
  throw new NetworkError('UnknownKind', `kind is ${quote(kind)}, expected ${expected}`);
}

/** Files older than the conditional generator do not name their classes. */
function classesOf(metadata: Readonly<Record<string, string>>, inputs: number): number {
  const classes = Object.hasOwn(metadata, 'classes') ? jsonOf(metadata, 'classes') : 0;
  if (typeof classes === 'number' && Number.isInteger(classes) && classes >= 0 && classes < inputs)
    return classes;
  throw new NetworkError(
    'BadMetadata',
    `classes is ${abridge(metadata['classes'] ?? 'missing')}, expected a whole number below the ${inputs} inputs`,
  );
}

function readLayer(
  index: number,
  header: Header,
  tensors: ReadonlyMap<string, SafetensorsTensor>,
  inputZeros: Int8Array | undefined,
): DenseLayer {
  const [inputs, outputs] = [header.sizes[index], header.sizes[index + 1]];
  const layerCount = header.activations.length;
  const [weightName, scaleName, biasName, zeroName] = tensorNames(index, layerCount);
  const weights = int8Of(tensorOf(tensors, weightName, 'I8', [outputs, inputs]));
  const scales = float32Of(tensorOf(tensors, scaleName, 'F32', [outputs]));
  const realBiases = float32Of(tensorOf(tensors, biasName, 'F32', [outputs]));
  const zeros = zeroName && readZeros(zeroName, tensorOf(tensors, zeroName, 'I8', [outputs]));
  const isOfLatent = index === 0 && header.kind === 'generator';
  if (!isOfLatent) checkWeights(weightName, weights);
  const inputUnit = index === 0 ? 2 ** -header.inputFractionBits : 1;
  const maxInput = index === 0 ? header.inputLimit : MAX_ACTIVATION;
  const biases = new Int32Array(outputs);
  const multipliers = new Float32Array(outputs);
  for (let row = 0; row < outputs; row++) {
    const sumUnit = scales[row] * inputUnit;
    multipliers[row] = sumUnit;
    if (!(multipliers[row] >= MIN_NORMAL && multipliers[row] < Infinity)) {
      throw new NetworkError(
        'BadScale',
        `${scaleName}[${row}] is ${scales[row]}, expected a positive number in float32's normal range`,
      );
    }
    const bias = roundHalfEven(realBiases[row] / sumUnit);
    if (!(Math.abs(bias) < 2 ** 31)) {
      throw new NetworkError(
        'BadBias',
        `${biasName}[${row}] is ${bias} in units of the row's sum, expected less than 2^31`,
      );
    }
    let maxSum = Math.abs(bias);
    let offset = bias;
    for (let i = 0; i < inputs; i++) {
      const weight = weights[row * inputs + i];
      const zero = inputZeros?.[i] ?? 0;
      offset -= weight * zero;
      maxSum += Math.abs(weight) * Math.max(maxInput, zero);
    }
    // Of the sum as of its parts: the kernel adds biases last.
    if (Math.max(maxSum, Math.abs(offset)) >= 2 ** 31) {
      throw new NetworkError(
        'SumOverflow',
        `${weightName} row ${row} can sum up to ${maxSum}, expected less than 2^31: quantize the network anew`,
      );
    }
    biases[row] = offset;
  }
  const layer = { inputs, outputs, weights, biases, multipliers };
  const activation = header.activations[index];
  return { ...layer, activation, ...(zeros && { zeros }) };
}

/** Beyond that, the kernel's sums of 16 bits would saturate. */
function checkWeights(name: string, weights: Int8Array): void {
  const at = weights.findIndex((weight) => Math.abs(weight) > MAX_WEIGHT);
  if (at < 0) return;
  throw new NetworkError(
    'BadWeight',
    `${name} holds ${weights[at]}, expected −${MAX_WEIGHT} … ${MAX_WEIGHT}: quantize the network anew`,
  );
}

function readZeros(name: string, tensor: SafetensorsTensor): Int8Array {
  const zeros = int8Of(tensor);
  const at = zeros.findIndex((zero) => zero < 0);
  if (at < 0) return zeros;
  throw new NetworkError(
    'BadZero',
    `${name}[${at}] is ${zeros[at]}, expected 0 … ${MAX_ACTIVATION}`,
  );
}

/** Processors may flush smaller float32 numbers to 0. */
const MIN_NORMAL = 2 ** -126;

/** The last layer has no zeros. */
function tensorNames(
  index: number,
  layerCount: number,
): readonly [weight: string, scale: string, bias: string, zero?: string] {
  const layer = `dense_${index + 1}`;
  const names = [`${layer}.weight`, `${layer}.scale`, `${layer}.bias`] as const;
  return index < layerCount - 1 ? [...names, `${layer}.zero`] : names;
}

function tensorOf(
  tensors: ReadonlyMap<string, SafetensorsTensor>,
  name: string,
  dtype: SafetensorsTensor['dtype'],
  shape: readonly number[],
): SafetensorsTensor {
  const tensor = tensors.get(name);
  if (!tensor) throw new NetworkError('MissingTensor', `there is no tensor ${name}`);
  if (tensor.dtype !== dtype) {
    throw new NetworkError('WrongDtype', `${name} is ${tensor.dtype}, expected ${dtype}`);
  }
  if (tensor.shape.join() !== shape.join()) {
    throw new NetworkError(
      'WrongShape',
      `${name} has shape ${quote(tensor.shape)}, expected [${shape.join(', ')}]`,
    );
  }
  return tensor;
}

function jsonOf(metadata: Readonly<Record<string, string>>, name: string): unknown {
  if (!Object.hasOwn(metadata, name)) {
    throw new NetworkError('MissingMetadata', `the metadata has no "${name}"`);
  }
  try {
    return JSON.parse(metadata[name]);
  } catch {
    throw new NetworkError('BadMetadata', `${name} is not JSON: ${abridge(metadata[name])}`);
  }
}

function wholeNumbers(
  metadata: Readonly<Record<string, string>>,
  name: string,
  min: number,
  max: number,
): number[] {
  const list: unknown = jsonOf(metadata, name);
  const fits = (value: unknown): value is number => isWhole(value, min, max);
  if (!Array.isArray(list) || !list.every(fits)) {
    throw new NetworkError(
      'BadMetadata',
      `${name} is ${abridge(metadata[name])}, expected whole numbers ${min} … ${max}`,
    );
  }
  return list;
}

function wholeNumber(
  metadata: Readonly<Record<string, string>>,
  name: string,
  min: number,
  max: number,
): number {
  const value = jsonOf(metadata, name);
  if (isWhole(value, min, max)) return value;
  throw new NetworkError(
    'BadMetadata',
    `${name} is ${abridge(metadata[name])}, expected a whole number ${min} … ${max}`,
  );
}

function isWhole(value: unknown, min: number, max: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
}

function roundHalfEven(x: number): number {
  const below = Math.floor(x);
  const fraction = x - below;
  if (fraction !== 0.5) return fraction < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}
