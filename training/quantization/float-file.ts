/**
 * A float network to a safetensors file and back: what a training gives to the outside.
 *
 * Kernels are transposed to (outputs, inputs), as most frameworks hold them and as the shipped int8
 * weights do. What a run needs to go on is in checkpoint.ts.
 */

import type * as tf from '@tensorflow/tfjs';

import { CLASSES } from '../../src/digit.ts';
import { type Kind, LAST_ACTIVATIONS } from '../../src/sampler/layout.ts';
import { float32Of, parseSafetensors } from '../../src/weights/safetensors.ts';
import { type NewTensor, serializeSafetensors } from '../../src/weights/safetensors.ts';
import { variablesOf } from '../backend/index.ts';
import { Failure, reasonOf } from '../cli/failure.ts';
import { LEAKY_RELU_SLOPE, type Recipe } from '../gan/recipe.ts';

/** One dense layer. */
export interface FloatLayer {
  inputs: number;
  outputs: number;
  /** (outputs, inputs) */
  weight: Float32Array;
  /** (outputs) */
  bias: Float32Array;
}

/** A network outside of tfjs: dense layers, LeakyReLU after each but the last. */
export interface FloatNetwork {
  layers: FloatLayer[];
  /** As in the file: kind, sizes, activations, leakyReluSlope, dataset, and how it was trained. */
  metadata: Readonly<Record<string, string>>;
}

/** The file of a generator that was trained for so many epochs. */
export function serializeGenerator(
  generator: tf.Sequential,
  origin: { recipe: Recipe; epochs: number; dataset: string },
): Uint8Array {
  return serializeNetwork(generator, 'generator', {
    classes: String(origin.recipe.conditional ? CLASSES : 0),
    recipe: JSON.stringify(origin.recipe),
    epochs: String(origin.epochs),
    seed: String(origin.recipe.seed),
    dataset: origin.dataset,
  });
}

/** The file of a model whose variables are kernel and bias of one dense layer after the other. */
export function serializeNetwork(
  model: tf.Sequential,
  kind: Kind,
  origin: Readonly<Record<string, string>>,
): Uint8Array {
  const variables = variablesOf(model);
  const sizes = [variables[0].shape[0]];
  const tensors: NewTensor[] = [];
  for (let n = 1; 2 * n <= variables.length; n++) {
    const [kernel, bias] = [variables[2 * n - 2], variables[2 * n - 1]];
    const [inputs, outputs] = kernel.shape;
    const weight = transposed(kernel.dataSync() as Float32Array, inputs, outputs);
    tensors.push(
      { name: `dense_${n}.weight`, dtype: 'F32', shape: [outputs, inputs], data: weight },
      { name: `dense_${n}.bias`, dtype: 'F32', shape: [outputs], data: bias.dataSync() as never },
    );
    sizes.push(outputs);
  }
  const hidden = sizes.slice(2).map(() => 'leakyRelu');
  return serializeSafetensors(tensors, {
    kind,
    sizes: JSON.stringify(sizes),
    activations: JSON.stringify([...hidden, LAST_ACTIVATIONS[kind]]),
    leakyReluSlope: String(LEAKY_RELU_SLOPE),
    ...origin,
  });
}

/** How many of a generator's inputs, its last ones, are a one-hot class; 0 for none. */
export function classesOf({ metadata }: FloatNetwork): number {
  return Number(metadata['classes'] ?? 0);
}

/** (rows, columns) → (columns, rows) */
function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      result[column * rows + row] = values[row * columns + column];
    }
  }
  return result;
}

/**
 * The network that {@link serializeNetwork} wrote.
 * @param path only for the messages
 * @throws Failure where the bytes are something else, or a network of another kind
 */
export function parseNetwork(
  bytes: Uint8Array,
  path: string,
  kind: Kind = 'generator',
): FloatNetwork {
  try {
    const { metadata, tensors } = parseSafetensors(bytes);
    if (metadata['kind'] !== kind) throw new Failure(`its metadata name no ${kind}`);
    const sizes = JSON.parse(metadata['sizes']) as number[];
    const layers = sizes.slice(1).map((outputs, i) => {
      const inputs = sizes[i];
      const read = (name: string, shape: readonly number[]): Float32Array => {
        const tensor = tensors.get(`dense_${i + 1}.${name}`);
        if (tensor?.shape.join() !== shape.join()) {
          throw new Failure(`dense_${i + 1}.${name} is missing or not of shape [${shape.join()}]`);
        }
        const values = float32Of(tensor);
        if (!values.every(Number.isFinite)) {
          throw new Failure(`dense_${i + 1}.${name} holds numbers that are not finite`);
        }
        return values;
      };
      const weight = read('weight', [outputs, inputs]);
      return { inputs, outputs, weight, bias: read('bias', [outputs]) };
    });
    return { layers, metadata };
  } catch (error) {
    throw new Failure(`${path}: found no float ${kind} in it (${reasonOf(error)}).`);
  }
}
