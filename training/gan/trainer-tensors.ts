/**
 * A trainer as named tensors and back: the weights of both networks, the moments of both Adams and the
 * running average, if there is one. They have tfjs's shapes, so kernels are (inputs, outputs). What a
 * checkpoint file adds to them is in checkpoint.ts.
 */

import * as tf from '@tensorflow/tfjs';

import { type Safetensors, float32Of } from '../../src/weights/safetensors.ts';
import { variablesOf, viewOf } from '../backend/index.ts';
import { Failure } from '../cli/failure.ts';
import type { CheckpointTensor, Iterations } from './checkpoint.ts';
import type { Trainer } from './trainer.ts';

const NETWORKS = ['generator', 'discriminator'] as const;
type Network = (typeof NETWORKS)[number];
/** What the names of the running average's tensors begin with. */
const AVERAGE = 'average';

/** The tensors of a checkpoint, and the path of its file, for messages. */
interface Saved {
  readonly path: string;
  readonly tensors: Safetensors['tensors'];
}

/** How many bytes the tensors of a checkpoint have: each network's weights and two moments, and the average. */
export function tensorsBytes({ gan, average }: Trainer): number {
  const numbers = NETWORKS.reduce((sum, network) => sum + 3 * numbersOf(gan[network]), 0);
  return 4 * (numbers + (average ? numbersOf(average.generator) : 0));
}

function numbersOf(model: tf.LayersModel): number {
  return variablesOf(model).reduce((sum, { size }) => sum + size, 0);
}

/** The tensors where they are, not copied: valid until the trainer's next step. */
export async function tensorsOf(
  trainer: Trainer,
): Promise<{ tensors: CheckpointTensor[]; iterations: Iterations }> {
  const [generator, discriminator] = [
    await networkTensors('generator', trainer),
    await networkTensors('discriminator', trainer),
  ];
  const average = trainer.average ? weightTensors(AVERAGE, trainer.average.generator) : [];
  const tensors = [...generator.tensors, ...discriminator.tensors, ...average];
  const iterations = { generator: generator.iterations, discriminator: discriminator.iterations };
  return { tensors, iterations };
}

/**
 * Restores what {@link tensorsOf} took from a trainer of the same sizes.
 * @throws Failure if a tensor is missing or has another shape
 */
export async function restoreTrainer(
  trainer: Trainer,
  saved: Saved & { readonly iterations: Iterations },
): Promise<void> {
  for (const network of NETWORKS) {
    const variables = variablesOf(trainer.gan[network]);
    const names = namesOf(variables);
    const read = (prefix: string): tf.Tensor[] =>
      names.map((name, i) => tensorOf(saved, `${prefix}.${name}`, variables[i].shape));

    restoreWeights(saved, network, trainer.gan[network]);
    const iterations = tf.scalar(saved.iterations[network], 'int32');
    const first = read(`${network}.adam_m`);
    const second = read(`${network}.adam_v`);
    const moments = variables.flatMap((variable, i) => [
      { name: `${variable.name}/m`, tensor: first[i] },
      { name: `${variable.name}/v`, tensor: second[i] },
    ]);
    // FusedAdam takes its moments in pairs, as it gives them.
    await optimizerOf(network, trainer).setWeights([
      { name: 'iter', tensor: iterations },
      ...moments,
    ]);
    tf.dispose([first, second, iterations]);
  }
  if (trainer.average) restoreWeights(saved, AVERAGE, trainer.average.generator);
}

function optimizerOf(network: Network, trainer: Trainer): tf.Optimizer {
  return network === 'generator' ? trainer.generatorOptimizer : trainer.discriminatorOptimizer;
}

/** `dense_1.kernel`, `dense_1.bias`, `dense_2.kernel` … */
function namesOf(variables: readonly tf.Variable[]): string[] {
  return variables.map((_, i) => `dense_${(i >> 1) + 1}.${i % 2 === 0 ? 'kernel' : 'bias'}`);
}

function weightTensors(prefix: string, model: tf.LayersModel): CheckpointTensor[] {
  const variables = variablesOf(model);
  return namesOf(variables).map((name, i) => {
    const data = viewOf(variables[i]);
    return { name: `${prefix}.${name}`, dtype: 'F32', shape: variables[i].shape, data };
  });
}

/** Assigns the weights of a network in a checkpoint. @throws Failure if one is missing or has another shape */
export function restoreWeights(saved: Saved, prefix: string, model: tf.LayersModel): void {
  const variables = variablesOf(model);
  for (const [i, name] of namesOf(variables).entries()) {
    const value = tensorOf(saved, `${prefix}.${name}`, variables[i].shape);
    variables[i].assign(value);
    value.dispose();
  }
}

async function networkTensors(
  network: Network,
  trainer: Trainer,
): Promise<{ tensors: CheckpointTensor[]; iterations: number }> {
  const variables = variablesOf(trainer.gan[network]);
  const names = namesOf(variables);
  const [iterations, ...moments] = await optimizerOf(network, trainer).getWeights();
  const momentOf = new Map(moments.map(({ name, tensor }) => [name, tensor]));

  const tensors: CheckpointTensor[] = [];
  for (const [i, variable] of variables.entries()) {
    const { name, shape, size } = variable;
    const add = (prefix: string, data: Float32Array): number =>
      tensors.push({ name: `${prefix}.${names[i]}`, dtype: 'F32', shape, data });
    // An optimizer has no moments before its first update: they are zeros.
    const moment = (of: 'm' | 'v'): Float32Array => {
      const tensor = momentOf.get(`${name}/${of}`);
      return tensor === undefined ? new Float32Array(size) : viewOf(tensor);
    };
    add(network, viewOf(variable));
    add(`${network}.adam_m`, moment('m'));
    add(`${network}.adam_v`, moment('v'));
  }
  const count = iterations.tensor.dataSync()[0];
  tf.dispose([iterations.tensor, ...momentOf.values()]);
  return { tensors, iterations: count };
}

function tensorOf({ path, tensors }: Saved, name: string, shape: number[]): tf.Tensor {
  const tensor = tensors.get(name);
  if (tensor === undefined || tensor.shape.join() !== shape.join()) {
    const found = tensor === undefined ? 'none' : `shape [${tensor.shape.join(', ')}]`;
    throw new Failure(`${path}: ${name}: found ${found}, expected shape [${shape.join(', ')}].`);
  }
  return tf.tensor(float32Of(tensor), shape);
}
