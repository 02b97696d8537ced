/**
 * A float generator to a safetensors file and back: what a run gives to the outside.
 *
 * Kernels are transposed to (outputs, inputs), as most frameworks hold them and as the shipped int8
 * weights do. What a run needs to go on is in checkpoint.ts.
 */
import { float32Of, parseSafetensors } from '../src/sampler/safetensors.ts';
import { Failure, reasonOf } from './failure.ts';
import { type Gan, variablesOf } from './gan.ts';
import { CLASSES, LEAKY_RELU_SLOPE, type Recipe } from './recipe.ts';
import { type NewTensor, serializeSafetensors } from './safetensors.ts';

/** One dense layer. */
export interface FloatLayer {
  inputs: number;
  outputs: number;
  /** (outputs, inputs) */
  weight: Float32Array;
  /** (outputs) */
  bias: Float32Array;
}

/** A generator outside of tfjs. */
export interface FloatGenerator {
  layers: FloatLayer[];
  /** As in the file: kind, sizes, activations, leakyReluSlope, recipe, epochs, seed, dataset. */
  metadata: Readonly<Record<string, string>>;
}

/** The file of a generator that was trained for so many epochs. */
export function serializeGenerator(
  generator: Gan['generator'],
  origin: { recipe: Recipe; epochs: number; dataset: string },
): Uint8Array {
  const variables = variablesOf(generator);
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
    kind: 'generator',
    classes: String(origin.recipe.conditional ? CLASSES : 0),
    sizes: JSON.stringify(sizes),
    activations: JSON.stringify([...hidden, 'tanh']),
    leakyReluSlope: String(LEAKY_RELU_SLOPE),
    recipe: JSON.stringify(origin.recipe),
    epochs: String(origin.epochs),
    seed: String(origin.recipe.seed),
    dataset: origin.dataset,
  });
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
 * The generator that {@link serializeGenerator} wrote.
 * @param path only for the messages
 * @throws Failure where the bytes are something else
 */
export function parseGenerator(bytes: Uint8Array, path: string): FloatGenerator {
  try {
    const { metadata, tensors } = parseSafetensors(bytes);
    if (metadata['kind'] !== 'generator') throw new Failure('its metadata name no generator');
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
    throw new Failure(`${path}: found no float generator in it (${reasonOf(error)}).`);
  }
}
