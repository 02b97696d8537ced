/**
 * Checkpoints: all that a run needs to go on, to a file and back.
 *
 * A checkpoint is one safetensors file whose name says how many steps were done. It holds the trainer's
 * tensors; its metadata hold the settings, the place in the run, the random state, and a SHA-256 over all
 * the rest, so that a damaged file is never taken for a whole one. Not here: who writes it (checkpoint-writer.ts),
 * when, and what to do after a failure (loop.ts).
 */

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import * as v from 'valibot';

import {
  type NewTensor,
  type Safetensors,
  parseSafetensors,
  piecesOfSafetensors,
} from '../../src/weights/safetensors.ts';
import { isSystemError, reasonOf } from '../cli/failure.ts';
import { TEMPORARY, readRegularFile, writeAtomically } from '../cli/files.ts';
import { requireFinite } from './not-finite.ts';
import { type Position, completed } from './position.ts';
import type { Settings } from './recipe.ts';
import { parseSettings } from './saved-settings.ts';

/** Updates that each optimizer has made. */
export type Iterations = Readonly<Record<'generator' | 'discriminator', number>>;

/** What a checkpoint says besides its tensors. */
export interface CheckpointState {
  readonly settings: Settings;
  /** SHA-256 of the data that the run learns from. */
  readonly datasetSha256: string;
  readonly position: Position;
  /** The four words of the Random that all steps draw from. */
  readonly randomState: readonly number[];
  readonly iterations: Iterations;
}

/** A checkpoint that was read. */
export interface Checkpoint extends CheckpointState {
  readonly path: string;
  readonly tensors: Safetensors['tensors'];
}

/** A file that is no whole checkpoint, and why. */
export interface Damage {
  readonly path: string;
  readonly reason: string;
}

const MAX_CHECKPOINTS = 2;
const NAME = /^step-([0-9]{9})\.safetensors$/;

/** A tensor of a checkpoint that is to be written. */
export type CheckpointTensor = NewTensor & { readonly data: Float32Array };

/**
 * Writes a checkpoint into the folder, then removes all but the newest two. Returns its path.
 * @throws NotFiniteError if a weight or a moment is not a finite number; then nothing is written
 */
export function writeCheckpoint(
  folder: string,
  tensors: readonly CheckpointTensor[],
  state: CheckpointState,
): string {
  for (const { name, data } of tensors) requireFinite(name, data);
  const content = { kind: 'checkpoint', state: JSON.stringify(state) };
  const sha256 = digest(
    content,
    tensors.map(({ name, data }) => [name, bytesOf(data)]),
  );
  const { epoch, step } = state.position;
  const steps = epoch * state.settings.stepsPerEpoch + step;
  const path = join(folder, `step-${String(steps).padStart(9, '0')}.safetensors`);
  writeAtomically(path, piecesOfSafetensors(tensors, { ...content, sha256 }));
  removeOld(folder);
  return path;
}

/** The newest checkpoint that is whole, and the newer ones that are not. */
export function newestCheckpoint(folder: string): {
  checkpoint: Checkpoint | undefined;
  damaged: readonly Damage[];
} {
  const damaged: Damage[] = [];
  for (const path of listNewestFirst(folder)) {
    try {
      return { checkpoint: readCheckpoint(path), damaged };
    } catch (error) {
      damaged.push({ path, reason: reasonOf(error) });
    }
  }
  return { checkpoint: undefined, damaged };
}

/** Renames damaged files, so that they do not count among the checkpoints that are kept; what refuses stays. */
export function setAside(damaged: readonly Damage[]): void {
  for (const { path } of damaged) attempt(() => renameSync(path, `${path}.damaged`));
}

function attempt(action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!isSystemError(error)) throw error;
  }
}

function readCheckpoint(path: string): Checkpoint {
  const { metadata, tensors } = parseSafetensors(readRegularFile(path));
  const { sha256, ...content } = metadata;
  const found = digest(
    content,
    Array.from(tensors, ([name, { data }]) => [name, data]),
  );
  if (content['kind'] !== 'checkpoint') throw new Error('it is no checkpoint');
  if (found !== sha256) throw new Error('its SHA-256 does not fit its content');
  return { ...parseState(content['state']), path, tensors };
}

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const sum = v.optional(v.nullable(v.number()));

const STATE = v.object({
  settings: v.unknown(),
  datasetSha256: v.string(),
  position: v.looseObject({
    epoch: count,
    step: count,
    discriminatorLossSum: v.number(),
    generatorLossSum: v.number(),
    discriminatorRealSum: sum,
    discriminatorGeneratedSum: sum,
    stepMsSum: v.number(),
    elapsedS: v.number(),
  }),
  randomState: v.pipe(v.array(v.pipe(count, v.maxValue(0xffffffff))), v.length(4)),
  iterations: v.object({ generator: count, discriminator: count }),
});

/** @throws Error if it is not what {@link writeCheckpoint} wrote, in this version or an earlier one */
function parseState(json: string): CheckpointState {
  const { success, output } = v.safeParse(STATE, JSON.parse(json));
  if (!success) throw new Error('its state is none');
  const position = completed(output.position as Position);
  return { ...output, settings: parseSettings(output.settings), position };
}

/** SHA-256 over metadata and tensors with their names, in the order of the names. */
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

function bytesOf(data: Float32Array): Uint8Array {
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
  for (const path of listNewestFirst(folder).slice(MAX_CHECKPOINTS)) attempt(() => rmSync(path));
  for (const name of readdirSync(folder)) {
    if (name.endsWith(TEMPORARY)) rmSync(join(folder, name));
  }
}
