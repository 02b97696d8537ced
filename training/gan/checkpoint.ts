/**
 * Everything a run is, to a file and back: both networks, both optimizers, the random state, the
 * place in the run, running sums, settings.
 *
 * A checkpoint is one safetensors file whose name says how many steps were done. Its metadata hold
 * a SHA-256 over all the rest, so that a damaged file is never taken for a whole one. When to save
 * and what to do after a failure is decided in run.ts.
 */

import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import * as tf from '@tensorflow/tfjs';

import { type Safetensors, float32Of, parseSafetensors } from '../../src/weights/safetensors.ts';
import { type NewTensor, serializeSafetensors } from '../../src/weights/safetensors.ts';
import { variablesOf } from '../backend/index.ts';
import { Failure, reasonOf } from '../cli/failure.ts';
import { TEMPORARY, writeAtomically } from '../cli/files.ts';
import type { Settings } from './recipe.ts';
import { NotFiniteError, type Trainer } from './step.ts';

/** Where a run is, and what it has summed up so far. */
export interface Position {
  /** Epochs done. */
  epoch: number;
  /** Steps done in the epoch after those. */
  step: number;
  /** Sums over the steps of that epoch. */
  discriminatorLossSum: number;
  generatorLossSum: number;
  stepMsSum: number;
  /** Time spent training since the very start, over all resumptions. */
  elapsedS: number;
}

/** What a checkpoint says besides its tensors. */
export interface CheckpointState {
  settings: Settings;
  /** SHA-256 of the data that the run learns from. */
  datasetSha256: string;
  position: Position;
  /** The four words of the Random that all steps draw from. */
  randomState: number[];
  /** Updates that each optimizer has made. */
  iterations: { generator: number; discriminator: number };
}

/** A checkpoint that was read. */
export interface Checkpoint extends CheckpointState {
  path: string;
  tensors: Safetensors['tensors'];
}

/** A file that is no whole checkpoint, and why. */
export interface Damage {
  path: string;
  reason: string;
}

/** How many checkpoints are kept. */
const KEPT = 2;
const NAME = /^step-([0-9]{9})\.safetensors$/;

/** Writes a checkpoint into the folder, then removes all but the newest two. Returns its path. */
export async function saveCheckpoint(
  folder: string,
  trainer: Trainer,
  state: Omit<CheckpointState, 'iterations'>,
): Promise<string> {
  const generator = await networkTensors('generator', trainer);
  const discriminator = await networkTensors('discriminator', trainer);
  const tensors = [...generator.tensors, ...discriminator.tensors];
  requireFinite(tensors);
  const iterations = { generator: generator.iterations, discriminator: discriminator.iterations };
  const content = { kind: 'checkpoint', state: JSON.stringify({ ...state, iterations }) };
  const sha256 = digest(
    content,
    tensors.map(({ name, data }) => [name, bytesOf(data)]),
  );
  const { epoch, step } = state.position;
  const steps = epoch * state.settings.stepsPerEpoch + step;
  const path = join(folder, `step-${String(steps).padStart(9, '0')}.safetensors`);
  writeAtomically(path, serializeSafetensors(tensors, { ...content, sha256 }));
  removeOld(folder);
  return path;
}

/** The newest checkpoint that is whole, and those newer ones that are not. */
export function newestCheckpoint(folder: string): {
  checkpoint: Checkpoint | undefined;
  damaged: Damage[];
} {
  const damaged: Damage[] = [];
  for (const path of listNewestFirst(folder)) {
    const bytes = readFileSync(path);
    try {
      return { checkpoint: readCheckpoint(path, bytes), damaged };
    } catch (error) {
      damaged.push({ path, reason: reasonOf(error) });
    }
  }
  return { checkpoint: undefined, damaged };
}

/** Puts damaged files out of the way, beside the whole ones, so that they push none of them out. */
export function setAside(damaged: readonly Damage[]): void {
  for (const { path } of damaged) renameSync(path, `${path}.damaged`);
}

/** Gives networks and optimizers the values of a checkpoint. */
export async function restoreTrainer(checkpoint: Checkpoint, trainer: Trainer): Promise<void> {
  for (const network of ['generator', 'discriminator'] as const) {
    const variables = variablesOf(trainer.gan[network]);
    const names = namesOf(variables);
    const read = (prefix: string): tf.Tensor[] =>
      names.map((name, i) => tensorOf(checkpoint, `${prefix}.${name}`, variables[i].shape));

    const values = read(network);
    for (const [i, variable] of variables.entries()) variable.assign(values[i]);
    const iterations = tf.scalar(checkpoint.iterations[network], 'int32');
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
    tf.dispose([values, first, second, iterations]);
  }
}

type Network = 'generator' | 'discriminator';

function optimizerOf(network: Network, trainer: Trainer): tf.Optimizer {
  return network === 'generator' ? trainer.generatorOptimizer : trainer.discriminatorOptimizer;
}

/** `dense_1.kernel`, `dense_1.bias`, `dense_2.kernel` …: as tfjs holds them, kernels (inputs, outputs). */
function namesOf(variables: readonly tf.Variable[]): string[] {
  return variables.map((_, i) => `dense_${(i >> 1) + 1}.${i % 2 === 0 ? 'kernel' : 'bias'}`);
}

async function networkTensors(
  network: Network,
  trainer: Trainer,
): Promise<{ tensors: NewTensor[]; iterations: number }> {
  const variables = variablesOf(trainer.gan[network]);
  const names = namesOf(variables);
  const [iterations, ...moments] = await optimizerOf(network, trainer).getWeights();
  const momentOf = new Map(moments.map(({ name, tensor }) => [name, tensor]));

  const tensors: NewTensor[] = [];
  for (const [i, variable] of variables.entries()) {
    const { name, shape, size } = variable;
    const add = (prefix: string, data: Float32Array): number =>
      tensors.push({ name: `${prefix}.${names[i]}`, dtype: 'F32', shape, data });
    // Before its first update an optimizer has no moments: they are zeros.
    const moment = (of: 'm' | 'v'): Float32Array =>
      (momentOf.get(`${name}/${of}`)?.dataSync() as Float32Array | undefined) ??
      new Float32Array(size);
    add(network, variable.dataSync() as Float32Array);
    add(`${network}.adam_m`, moment('m'));
    add(`${network}.adam_v`, moment('v'));
  }
  const count = iterations.tensor.dataSync()[0];
  tf.dispose([iterations.tensor, ...momentOf.values()]);
  return { tensors, iterations: count };
}

/** The bits of float32's infinity; those of a NaN, sign aside, are above them. */
const INFINITY_BITS = 0x7f800000;

function requireFinite(tensors: readonly NewTensor[]): void {
  for (const { name, data } of tensors) {
    // As integers: 7 ms for the 9 million numbers of the recipe, where Number.isFinite takes 20.
    const words = new Int32Array(data.buffer, data.byteOffset, data.length);
    let largest = 0;
    for (let i = 0; i < words.length; i++) largest = Math.max(largest, words[i] & 0x7fffffff);
    if (largest >= INFINITY_BITS)
      throw new NotFiniteError(`${name} holds a number that is not finite.`);
  }
}

function tensorOf({ path, tensors }: Checkpoint, name: string, shape: number[]): tf.Tensor {
  const tensor = tensors.get(name);
  if (tensor === undefined || tensor.shape.join() !== shape.join()) {
    const found = tensor === undefined ? 'none' : `shape [${tensor.shape.join(', ')}]`;
    throw new Failure(`${path}: ${name}: found ${found}, expected shape [${shape.join(', ')}].`);
  }
  return tf.tensor(float32Of(tensor), shape);
}

function readCheckpoint(path: string, bytes: Uint8Array): Checkpoint {
  const { metadata, tensors } = parseSafetensors(bytes);
  const { sha256, ...content } = metadata;
  const found = digest(
    content,
    Array.from(tensors, ([name, { data }]) => [name, data]),
  );
  if (content['kind'] !== 'checkpoint') throw new Failure('it is no checkpoint');
  if (found !== sha256) throw new Failure('its SHA-256 does not fit its content');
  return { ...(JSON.parse(content['state']) as CheckpointState), path, tensors };
}

/** SHA-256 over metadata and tensors, names included; in the order of their names. */
function digest(
  content: Readonly<Record<string, string>>,
  tensors: [string, Uint8Array][],
): string {
  const hash = createHash('sha256');
  for (const entry of Object.entries(content).toSorted(byName)) hash.update(JSON.stringify(entry));
  for (const [name, bytes] of tensors.toSorted(byName)) {
    hash.update(JSON.stringify([name, bytes.length])).update(bytes);
  }
  return hash.digest('hex');
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

function bytesOf(data: Float32Array | Int8Array): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function listNewestFirst(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => NAME.test(name));
  return names
    .toSorted()
    .toReversed()
    .map((name) => join(folder, name));
}

function removeOld(folder: string): void {
  for (const path of listNewestFirst(folder).slice(KEPT)) rmSync(path);
  for (const name of readdirSync(folder)) {
    if (name.endsWith(TEMPORARY)) rmSync(join(folder, name));
  }
}
