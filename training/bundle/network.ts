/**
 * A quantized network: a safetensors file of int8 weights → layers ready for whole-number arithmetic.
 *
 * A layer takes int16 activations a of real value a · 2⁻ᶠ. A row's sum b + Σ w·a is exact in int32: that
 * is checked here for the worst activations possible, so that the kernel need not check. Nothing in a file
 * is trusted. Not here: running a network (src/sampler) and making one (training/quantization).
 */

import { type Activation, type Kind, LAST_ACTIVATIONS } from '../../src/sampler/layout.ts';
import {
  float32Of,
  int8Of,
  parseSafetensors,
  type Safetensors,
  type SafetensorsTensor,
} from '../../src/weights/safetensors.ts';
import { MAX_ACTIVATION, MAX_FRACTION_BITS } from '../quantization/quantize.ts';

export interface DenseLayer {
  readonly inputs: number;
  readonly outputs: number;
  readonly activation: Activation;
  /** Input activations lie in −inputLimit … inputLimit. */
  readonly inputLimit: number;
  /** (outputs, inputs) */
  readonly weights: Int8Array;
  /** (outputs), in units of a row's sum. */
  readonly biases: Int32Array;
  /** (outputs): one unit of a row's sum, in units of the next layer's input or as a real number. */
  readonly multipliers: Float32Array;
}

export interface Network {
  /** Decides what follows the last layer: tanh for a generator's pixels, softmax for a classifier's probabilities. */
  readonly kind: Kind;
  readonly layers: readonly DenseLayer[];
  readonly leakyReluSlope: number;
  /** Fraction bits f of the first layer's input. */
  readonly inputFractionBits: number;
  /** How many of the first layer's inputs, its last ones, are a one-hot class; 0 for none. */
  readonly classes: number;
  readonly metadata: Readonly<Record<string, string>>;
}

/** What is wrong with a network whose file is sound: one code for each fault. */
export type NetworkErrorCode =
  | 'MissingMetadata'
  | 'BadMetadata'
  | 'UnknownKind'
  | 'UnknownActivation'
  | 'MissingTensor'
  | 'UnknownTensor'
  | 'WrongDtype'
  | 'WrongShape'
  | 'BadScale'
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
  const layers = header.activations.map((_, index) => readLayer(index, header, tensors));
  if (tensors.size !== 3 * layers.length) {
    const known = new Set(layers.flatMap((_, index) => tensorNames(index)));
    const unknown = [...tensors.keys()].filter((name) => !known.has(name));
    throw new NetworkError(
      'UnknownTensor',
      `tensors that belong to no layer: ${unknown.join(', ')}`,
    );
  }
  return {
    kind: header.kind,
    classes: header.classes,
    layers,
    leakyReluSlope: header.leakyReluSlope,
    inputFractionBits: header.inputFractionBits[0],
    metadata,
  };
}

interface Header {
  readonly kind: Kind;
  readonly classes: number;
  readonly sizes: readonly number[];
  readonly activations: readonly Activation[];
  readonly leakyReluSlope: number;
  readonly inputFractionBits: readonly number[];
  readonly inputLimits: readonly number[];
}

/** Far beyond what fits at the edge. */
const MAX_SIZE = 2 ** 20;

function readHeader(metadata: Readonly<Record<string, string>>): Header {
  const kind = kindOf(metadata);
  const sizes = wholeNumbers(metadata, 'sizes', 1, MAX_SIZE);
  const classes = classesOf(metadata, sizes[0]);
  const layerCount = sizes.length - 1;
  const activations = jsonOf(metadata, 'activations');
  const inputFractionBits = wholeNumbers(metadata, 'inputFractionBits', 0, MAX_FRACTION_BITS);
  const inputLimits = wholeNumbers(metadata, 'inputLimits', 1, MAX_ACTIVATION);
  const leakyReluSlope = jsonOf(metadata, 'leakyReluSlope');
  if (layerCount < 1) {
    throw new NetworkError('BadMetadata', `sizes is [${sizes.join(', ')}], expected two or more`);
  }
  if (!Array.isArray(activations)) {
    throw new NetworkError('BadMetadata', 'activations is not a list');
  }
  const lists = { activations, inputFractionBits, inputLimits };
  for (const [name, { length }] of Object.entries(lists)) {
    if (length !== layerCount) {
      throw new NetworkError(
        'BadMetadata',
        `${name} names ${length} layers, expected ${layerCount}`,
      );
    }
  }
  const expected = activations.map((_, index) =>
    index < layerCount - 1 ? 'leakyRelu' : LAST_ACTIVATIONS[kind],
  );
  if (activations.some((activation, index) => activation !== expected[index])) {
    throw new NetworkError(
      'UnknownActivation',
      `activations are ${JSON.stringify(activations)}, expected ${JSON.stringify(expected)}`,
    );
  }
  if (typeof leakyReluSlope !== 'number' || !(leakyReluSlope > 0 && leakyReluSlope < 1)) {
    throw new NetworkError(
      'BadMetadata',
      `leakyReluSlope is ${JSON.stringify(leakyReluSlope)}, expected a number between 0 and 1`,
    );
  }
  return {
    kind,
    classes,
    sizes,
    activations: expected,
    leakyReluSlope,
    inputFractionBits,
    inputLimits,
  };
}

function kindOf(metadata: Readonly<Record<string, string>>): Kind {
  const { kind } = metadata;
  if (kind === 'generator' || kind === 'classifier') return kind;
  const expected = Object.keys(LAST_ACTIVATIONS).join(' or ');
  throw new NetworkError('UnknownKind', `kind is ${JSON.stringify(kind)}, expected ${expected}`);
}

/** Files older than the conditional generator do not name their classes. */
function classesOf(metadata: Readonly<Record<string, string>>, inputs: number): number {
  const classes = Object.hasOwn(metadata, 'classes') ? jsonOf(metadata, 'classes') : 0;
  if (typeof classes === 'number' && Number.isInteger(classes) && classes >= 0 && classes < inputs)
    return classes;
  throw new NetworkError(
    'BadMetadata',
    `classes is ${metadata['classes']}, expected a whole number below the ${inputs} inputs`,
  );
}

function readLayer(
  index: number,
  header: Header,
  tensors: ReadonlyMap<string, SafetensorsTensor>,
): DenseLayer {
  const [inputs, outputs] = [header.sizes[index], header.sizes[index + 1]];
  const [weightName, scaleName, biasName] = tensorNames(index);
  const weights = int8Of(tensorOf(tensors, weightName, 'I8', [outputs, inputs]));
  const scales = float32Of(tensorOf(tensors, scaleName, 'F32', [outputs]));
  const realBiases = float32Of(tensorOf(tensors, biasName, 'F32', [outputs]));
  const inputLimit = header.inputLimits[index];
  const inputUnit = 2 ** -header.inputFractionBits[index];
  const outputUnit = 2 ** -(header.inputFractionBits[index + 1] ?? 0);
  const biases = new Int32Array(outputs);
  const multipliers = new Float32Array(outputs);
  for (let row = 0; row < outputs; row++) {
    const sumUnit = scales[row] * inputUnit;
    multipliers[row] = sumUnit / outputUnit;
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
    biases[row] = bias;
    const maxSum = inputLimit * absoluteSum(weights, row * inputs, inputs) + Math.abs(bias);
    if (maxSum >= 2 ** 31) {
      throw new NetworkError(
        'SumOverflow',
        `${weightName} row ${row} can sum up to ${maxSum}, expected less than 2^31: quantize with a smaller inputLimits[${index}]`,
      );
    }
  }
  const activation = header.activations[index];
  return { inputs, outputs, activation, inputLimit, weights, biases, multipliers };
}

/** Processors may flush smaller float32 numbers to 0. */
const MIN_NORMAL = 2 ** -126;

function tensorNames(index: number): readonly [weight: string, scale: string, bias: string] {
  const layer = `dense_${index + 1}`;
  return [`${layer}.weight`, `${layer}.scale`, `${layer}.bias`];
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
      `${name} has shape [${tensor.shape.join(', ')}], expected [${shape.join(', ')}]`,
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
    throw new NetworkError('BadMetadata', `${name} is not JSON: ${metadata[name]}`);
  }
}

function wholeNumbers(
  metadata: Readonly<Record<string, string>>,
  name: string,
  min: number,
  max: number,
): number[] {
  const list: unknown = jsonOf(metadata, name);
  const fits = (value: unknown): value is number =>
    typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
  if (!Array.isArray(list) || !list.every(fits)) {
    throw new NetworkError(
      'BadMetadata',
      `${name} is ${metadata[name]}, expected whole numbers ${min} … ${max}`,
    );
  }
  return list;
}

function absoluteSum(weights: Int8Array, start: number, count: number): number {
  let sum = 0;
  for (let i = start; i < start + count; i++) sum += Math.abs(weights[i]);
  return sum;
}

function roundHalfEven(x: number): number {
  const below = Math.floor(x);
  const fraction = x - below;
  if (fraction !== 0.5) return fraction < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}
