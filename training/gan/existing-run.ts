/** Finds a run again: whether there is one in a folder, and what it takes to go on with it. */

import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { Failure, reasonOf } from '../cli/failure.ts';
import { TEMPORARY, makeFolder } from '../cli/files.ts';
import { type Lock, takeLock } from '../cli/lock.ts';
import type { Dataset } from '../data/dataset.ts';
import { type Checkpoint, type Damage, newestCheckpoint } from './checkpoint.ts';
import { counted, currentEpoch } from './position.ts';
import { CHANGEABLE_SETTINGS, type Settings } from './recipe.ts';
import { type Configured, pathsOf, readConfig, readMetrics } from './run-folder.ts';

/** What is wrong with a run's folder. */
export type RunErrorCode =
  | 'NotAFolder'
  | 'NotEmpty'
  | 'RunExists'
  | 'NoRun'
  | 'NoSettings'
  | 'NoWholeCheckpoint'
  | 'NoCheckpoint'
  | 'InUse'
  | 'OtherData'
  | 'NotFinished';

/** What to do about it, which depends on the command, in the words that follow "; ". */
export type Advice = Readonly<Partial<Record<RunErrorCode, string>>>;

/** Says what was found, without a full stop. */
export class RunError extends Failure {
  override name = 'RunError';
  readonly code: RunErrorCode;

  constructor(code: RunErrorCode, message: string) {
    super(message);
    this.code = code;
  }

  /** The whole sentence: what was found and, if there is advice, what to do. */
  withAdvice(advice: Advice): Failure {
    const what = advice[this.code];
    return new Failure(what === undefined ? `${this.message}.` : `${this.message}; ${what}.`);
  }
}

/** What a run left, as far as it takes to go on. */
export interface ExistingRun {
  readonly settings: Settings;
  /** Undefined if the run was stopped before its first one was whole, and so starts from the beginning. */
  readonly checkpoint: Checkpoint | undefined;
  /** SHA-256 of the data that it learns from, if anything says so. */
  readonly datasetSha256: string | undefined;
  /** Newer checkpoints that are not whole. */
  readonly damaged: readonly Damage[];
  /** What else a user should know, in sentences. */
  readonly notes: readonly string[];
}

/**
 * Keeps other trainings out of a run's folder, which is made if there is none, until this process ends.
 * @throws RunError if another one is writing into it
 */
export function lockRun(out: string): Lock {
  makeFolder(out);
  const { lock: path } = pathsOf(out);
  let lock: Lock | undefined;
  try {
    lock = takeLock(path);
  } catch (error) {
    throw new Failure(`${path}: cannot be made or locked (${reasonOf(error)}).`);
  }
  if (lock) return lock;
  throw new RunError('InUse', `${out}: found another training that writes into it`);
}

/** @throws RunError if the folder holds anything: a run that exists is not touched */
export function requireNoRun(out: string): void {
  if (!existsSync(out)) return;
  if (!statSync(out).isDirectory()) {
    throw new RunError('NotAFolder', `${out}: found a file, expected a folder`);
  }
  const { lock, checkpoints, config } = pathsOf(out);
  // A crash at the very start leaves a file that is not whole yet.
  const isNothing = (path: string): boolean => path.endsWith(TEMPORARY) || path === lock;
  if (readdirSync(out).every((name) => isNothing(join(out, name)))) return;
  throw existsSync(config) || hasCheckpoints(checkpoints)
    ? new RunError('RunExists', `${out}: found a run`)
    : new RunError('NotEmpty', `${out}: found a folder that is not empty`);
}

/** @throws RunError if there is no run in the folder */
export function requireRun(out: string): void {
  const { config, checkpoints } = pathsOf(out);
  if (existsSync(config) || hasCheckpoints(checkpoints)) return;
  throw new RunError('NoRun', `${out}: found no run to resume`);
}

/** Reads what a run left. @throws RunError if there is nothing to go on from */
export function openRun(out: string): ExistingRun {
  requireRun(out);
  const { config: configPath, checkpoints, metrics } = pathsOf(out);
  const { checkpoint, damaged } = newestCheckpoint(checkpoints);
  const config = configIn(out);
  if (checkpoint !== undefined) {
    const { datasetSha256 } = checkpoint;
    const settings = { ...checkpoint.settings, ...changed(config.settings) };
    const epochs = Math.max(settings.epochs, currentEpoch(checkpoint.position));
    const notes = config.fault
      ? [`${configPath}: ${config.fault}; going on with the settings in ${checkpoint.path}.`]
      : [];
    // The folder may have been moved.
    return { settings: { ...settings, epochs, out }, checkpoint, datasetSha256, damaged, notes };
  }
  if (damaged.length > 0) {
    throw new RunError(
      'NoWholeCheckpoint',
      `${damaged[0].path}: found it damaged (${damaged[0].reason}), and no older checkpoint that is whole`,
    );
  }
  const done = readMetrics(out).length;
  if (done > 0) {
    throw new RunError(
      'NoCheckpoint',
      `${checkpoints}: found no checkpoint, though ${metrics} has ${counted(done, 'epoch')}`,
    );
  }
  if (config.settings === undefined) {
    throw new RunError('NoSettings', `${configPath}: ${config.fault}`);
  }
  const { settings, datasetSha256 } = config;
  const notes = [`${out}: found no checkpoint yet, so the run starts from the beginning.`];
  return { settings: { ...settings, out }, checkpoint, datasetSha256, damaged, notes };
}

/** @throws RunError if the run has learned from other data */
export function requireSameData(
  { settings, datasetSha256 }: ExistingRun,
  dataset: Pick<Dataset, 'name' | 'sha256'>,
): void {
  if (datasetSha256 === undefined || datasetSha256 === dataset.sha256) return;
  throw new RunError(
    'OtherData',
    `${dataset.name}: found other data than the run in ${settings.out} has learned from`,
  );
}

/**
 * The float file of a run's generator.
 * @param from a run's folder, or the file itself
 * @throws RunError if there is none
 */
export function generatorOf(from: string): string {
  if (!existsSync(from)) throw new RunError('NoRun', `${from}: found no such run`);
  if (!statSync(from).isDirectory()) return from;
  const { generator: file, config } = pathsOf(from);
  if (existsSync(file)) return file;
  if (!existsSync(config)) {
    throw new RunError('NoRun', `${from}: found no run in this folder`);
  }
  throw new RunError('NotFinished', `${file}: found no such file: the run has not finished`);
}

function hasCheckpoints(folder: string): boolean {
  return existsSync(folder) && readdirSync(folder).some((name) => !name.endsWith(TEMPORARY));
}

/** What config.json says, or what is wrong with it. */
function configIn(
  out: string,
):
  | (Configured & { readonly fault?: undefined })
  | { readonly settings?: undefined; readonly fault: string } {
  try {
    return readConfig(out);
  } catch (error) {
    return { fault: `found no settings in it (${reasonOf(error)})` };
  }
}

/** What was asked for since a checkpoint was written, as config.json has it; nothing if it cannot be read. */
function changed(config: Settings | undefined): Partial<Settings> {
  if (config === undefined) return {};
  return Object.fromEntries(CHANGEABLE_SETTINGS.map((name) => [name, config[name]]));
}
