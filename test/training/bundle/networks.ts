/** Files for tests: sound and broken safetensors, and random quantized networks. */

import { Random } from '../../../src/sampler/random.ts';
import { parseSafetensors, type Safetensors } from '../../../src/weights/safetensors.ts';
import { packModel } from '../../../training/bundle/packing.ts';

/** A file with this header, sound or not, and these bytes after it. */
export function fileOf(header: string | object, body: Uint8Array = new Uint8Array(0)): Uint8Array {
  const text = new TextEncoder().encode(
    typeof header === 'string' ? header : JSON.stringify(header),
  );
  const file = new Uint8Array(8 + text.length + body.length);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
  file.set(text, 8);
  file.set(body, 8 + text.length);
  return file;
}

export interface Tensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: Int8Array | Float32Array;
}

/** A sound file of these tensors. */
export function safetensorsOf(
  tensors: Readonly<Record<string, Tensor>>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const parts = Object.values(tensors).map(
    ({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  );
  let end = 0;
  const entries = Object.entries(tensors).map(([name, { dtype, shape, data }]) => {
    const begin = end;
    end += data.byteLength;
    return [name, { dtype, shape, data_offsets: [begin, end] }] as const;
  });
  const body = new Uint8Array(end);
  let offset = 0;
  for (const part of parts) {
    body.set(part, offset);
    offset += part.length;
  }
  return fileOf({ __metadata__: metadata, ...Object.fromEntries(entries) }, body);
}

export interface NetworkParts {
  readonly tensors: Record<string, Tensor>;
  readonly metadata: Record<string, string>;
}

/** Its inputs are a latent. */
const GENERATOR = { kind: 'generator', last: 'tanh', inputFractionBits: 12, classes: 0 };
/** Its last ten inputs are a one-hot class. */
export const CONDITIONAL = { ...GENERATOR, classes: 10 };
/** Its inputs are halves of grey levels. */
export const CLASSIFIER = { kind: 'classifier', last: 'softmax', inputFractionBits: 7, classes: 0 };

/**
 * A random network of these sizes: weights all over their range, with biases, scales and zeros that let
 * hidden activations use a good part of their 7 bits, and some of them saturate.
 */
export function randomNetwork(
  sizes: readonly number[],
  seed = 'network',
  { kind, last, inputFractionBits, classes } = GENERATOR,
): NetworkParts {
  const random = Random.fromString(`${seed} ${sizes.join()}`);
  const layerCount = sizes.length - 1;
  const layers = Array.from({ length: layerCount }, (_, i) => i);
  const tensors: Record<string, Tensor> = {};
  for (const i of layers) {
    const [inputs, outputs] = [sizes[i], sizes[i + 1]];
    const name = `dense_${i + 1}`;
    const isLast = i === layerCount - 1;
    const limit = i === 0 && kind === 'generator' ? 127 : 63;
    const weights = Int8Array.from(
      { length: inputs * outputs },
      () => random.below(2 * limit + 1) - limit,
    );
    const typicalInput = i === 0 ? 1 : 40;
    const typicalOutput = isLast ? 1.5 : 40;
    const scale = typicalOutput / (0.58 * limit * Math.sqrt(inputs) * typicalInput);
    tensors[`${name}.weight`] = { dtype: 'I8', shape: [outputs, inputs], data: weights };
    tensors[`${name}.scale`] = floats(outputs, () => scale * (0.5 + random.nextFloat64()));
    tensors[`${name}.bias`] = floats(outputs, () => random.normal() * typicalOutput * 0.1);
    if (isLast) continue;
    const zeros = Int8Array.from({ length: outputs }, () => random.below(64));
    tensors[`${name}.zero`] = { dtype: 'I8', shape: [outputs], data: zeros };
  }
  const metadata = {
    kind,
    classes: `${classes}`,
    sizes: JSON.stringify(sizes),
    activations: JSON.stringify(layers.map((i) => (i < layerCount - 1 ? 'leakyRelu' : last))),
    leakyReluSlope: '0.2',
    inputFractionBits: `${inputFractionBits}`,
    inputLimit: kind === 'generator' ? '32767' : '127',
  };
  return { tensors, metadata };
}

function floats(length: number, next: () => number): Tensor {
  return { dtype: 'F32', shape: [length], data: Float32Array.from({ length }, next) };
}

/** The parts, as parsed from a file. */
export function parsed({ tensors, metadata }: NetworkParts): Safetensors {
  return parseSafetensors(safetensorsOf(tensors, metadata));
}

/**
 * A model like the one that the Worker is built with.
 * @param bound how many candidates of a seed may be looked at; without it, as many as of any model
 */
export function packedOf(
  generator: NetworkParts,
  classifier: NetworkParts | undefined,
  bound?: Parameters<typeof packModel>[2],
): Uint8Array {
  const file = ({ tensors, metadata }: NetworkParts, path: string) => ({
    path,
    bytes: safetensorsOf(tensors, metadata),
  });
  const read = classifier && file(classifier, 'classifier');
  return packModel(file(generator, 'generator'), read, bound);
}

/** A classifier of 28 × 28 pixels whose random weights let it reach the threshold now and then. */
export function randomClassifier(): NetworkParts {
  return randomNetwork([784, 24, 10], 'classifier', CLASSIFIER);
}
