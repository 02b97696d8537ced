/**
 * The safetensors file of a float network, written and read: what training hands on to quantization, and
 * to other programs. Weights are (outputs, inputs), as most frameworks hold them and as the int8 files do.
 * Not here: what a run needs to go on (gan/checkpoint.ts).
 */

import { type Kind, LAST_ACTIVATIONS } from '../../src/sampler/layout.ts';
import { quote } from '../../src/weights/quote.ts';
import {
  type NewTensor,
  type Safetensors,
  SafetensorsError,
  float32Of,
  parseSafetensors,
  serializeSafetensors,
} from '../../src/weights/safetensors.ts';

/** One dense layer. */
export interface FloatLayer {
  readonly inputs: number;
  readonly outputs: number;
  /** (outputs, inputs) */
  readonly weight: Float32Array;
  /** (outputs) */
  readonly bias: Float32Array;
}

/** A network outside of tfjs: dense layers with LeakyReLU after each but the last. */
export interface FloatNetwork {
  readonly kind: Kind;
  readonly layers: readonly FloatLayer[];
  /** LeakyReLU's slope below zero. */
  readonly leakyReluSlope: number;
  /** How many of the inputs, the last ones, are a one-hot class; 0 for none. */
  readonly classes: number;
  /** All that the file says about itself: the above, and how the network was trained. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** What is wrong with a file, one code for each fault. */
export type FloatFileErrorCode =
  | 'NotSafetensors'
  | 'WrongKind'
  | 'BadMetadata'
  | 'MissingTensor'
  | 'WrongShape'
  | 'NotFinite';

export class FloatFileError extends Error {
  override readonly name = 'FloatFileError';
  readonly code: FloatFileErrorCode;

  constructor(code: FloatFileErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * The file of a network.
 * @param origin what else its metadata say: how it was trained, and a generator's `classes`
 */
export function serializeNetwork(
  { kind, layers, leakyReluSlope }: Pick<FloatNetwork, 'kind' | 'layers' | 'leakyReluSlope'>,
  origin: Readonly<Record<string, string>>,
): Uint8Array {
  const tensors: NewTensor[] = layers.flatMap(({ inputs, outputs, weight, bias }, index) => {
    const { weightName, biasName } = namesOf(index);
    return [
      { name: weightName, dtype: 'F32', shape: [outputs, inputs], data: weight } as const,
      { name: biasName, dtype: 'F32', shape: [outputs], data: bias } as const,
    ];
  });
  const hidden = layers.slice(1).map(() => 'leakyRelu');
  return serializeSafetensors(tensors, {
    kind,
    sizes: JSON.stringify([layers[0].inputs, ...layers.map(({ outputs }) => outputs)]),
    activations: JSON.stringify([...hidden, LAST_ACTIVATIONS[kind]]),
    leakyReluSlope: String(leakyReluSlope),
    ...origin,
  });
}

/**
 * The network in a file that {@link serializeNetwork} wrote.
 * @throws FloatFileError if the bytes are something else, or a network of another kind
 */
export function parseNetwork(bytes: Uint8Array, kind: Kind = 'generator'): FloatNetwork {
  const { metadata, tensors } = parse(bytes);
  if (metadata['kind'] !== kind) {
    throw new FloatFileError(
      'WrongKind',
      `its kind is ${quote(metadata['kind'])}, expected ${kind}`,
    );
  }
  const sizes = sizesOf(metadata);
  const layers = sizes.slice(1).map((outputs, index) => {
    const inputs = sizes[index];
    const { weightName, biasName } = namesOf(index);
    const weight = numbersOf(tensors, weightName, [outputs, inputs]);
    return { inputs, outputs, weight, bias: numbersOf(tensors, biasName, [outputs]) };
  });
  const leakyReluSlope = Number(metadata['leakyReluSlope']);
  if (!(leakyReluSlope > 0 && leakyReluSlope < 1)) {
    const found = `leakyReluSlope is ${quote(metadata['leakyReluSlope'])}`;
    throw new FloatFileError('BadMetadata', `${found}, expected a number between 0 and 1`);
  }
  return { kind, layers, leakyReluSlope, classes: classesOf(metadata, sizes[0]), metadata };
}

function namesOf(index: number): { weightName: string; biasName: string } {
  return { weightName: `dense_${index + 1}.weight`, biasName: `dense_${index + 1}.bias` };
}

function parse(bytes: Uint8Array): Safetensors {
  try {
    return parseSafetensors(bytes);
  } catch (error) {
    if (!(error instanceof SafetensorsError)) throw error;
    throw new FloatFileError('NotSafetensors', error.message);
  }
}

function sizesOf(metadata: Readonly<Record<string, string>>): number[] {
  const sizes = jsonOf(metadata['sizes']);
  if (Array.isArray(sizes) && sizes.length > 1 && sizes.every(isSize)) return sizes;
  const found = `sizes is ${quote(metadata['sizes'])}`;
  throw new FloatFileError('BadMetadata', `${found}, expected two or more whole numbers`);
}

/** The value of a JSON text; undefined if it is not JSON. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0;
}

/** Files from before there were classes do not name them. */
function classesOf(metadata: Readonly<Record<string, string>>, inputs: number): number {
  const classes = Number(metadata['classes'] ?? 0);
  if (Number.isInteger(classes) && classes >= 0 && classes < inputs) return classes;
  const found = `classes is ${quote(metadata['classes'])}`;
  throw new FloatFileError('BadMetadata', `${found}, expected a whole number below ${inputs}`);
}

function numbersOf(
  tensors: Safetensors['tensors'],
  name: string,
  shape: readonly number[],
): Float32Array {
  const tensor = tensors.get(name);
  if (tensor === undefined) throw new FloatFileError('MissingTensor', `${name} is missing`);
  if (tensor.dtype !== 'F32' || tensor.shape.join() !== shape.join()) {
    const found = `${name} is ${tensor.dtype} ${quote(tensor.shape)}`;
    throw new FloatFileError('WrongShape', `${found}, expected F32 [${shape.join(', ')}]`);
  }
  const numbers = float32Of(tensor);
  if (!numbers.every(Number.isFinite)) {
    throw new FloatFileError('NotFinite', `${name} has a number that is not finite`);
  }
  return numbers;
}
