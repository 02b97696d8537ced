/** Finds a run again: whether there is one in a folder, and what it takes to go on with it. */

import { existsSync, readdirSync, statSync } from 'node:fs';

import { Failure, reasonOf } from '../cli/failure.ts';
import { TEMPORARY } from '../cli/files.ts';
import type { Dataset } from '../data/dataset.ts';
import { type Checkpoint, type Damage, newestCheckpoint } from './checkpoint.ts';
import { currentEpoch } from './position.ts';
import { CHANGEABLE_SETTINGS, type Settings } from './recipe.ts';
import { pathsOf, readConfig } from './run-folder.ts';

/** What is wrong with a run's folder. */
export type RunErrorCode =
  | 'NotAFolder'
  | 'NotEmpty'
  | 'RunExists'
  | 'NoRun'
  | 'NoSettings'
  | 'NoWholeCheckpoint'
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
  readonly checkpoint: Checkpoint | undefined;
  /** Newer checkpoints that are not whole. */
  readonly damaged: readonly Damage[];
}

/** @throws RunError if the folder holds anything: a run that exists is not touched */
export function requireNoRun(out: string): void {
  if (!existsSync(out)) return;
  if (!statSync(out).isDirectory()) {
    throw new RunError('NotAFolder', `${out}: found a file, expected a folder`);
  }
  // A crash at the very start leaves a file that is not whole yet.
  if (readdirSync(out).every((name) => name.endsWith(TEMPORARY))) return;
  throw existsSync(pathsOf(out).config)
    ? new RunError('RunExists', `${out}: found a run`)
    : new RunError('NotEmpty', `${out}: found a folder that is not empty`);
}

/** Reads what a run left. @throws RunError if there is nothing to go on from */
export function openRun(out: string): ExistingRun {
  if (!existsSync(pathsOf(out).config))
    throw new RunError('NoRun', `${out}: found no run to resume`);
  const { checkpoint, damaged } = newestCheckpoint(pathsOf(out).checkpoints);
  if (checkpoint !== undefined) {
    const settings = { ...checkpoint.settings, ...changedSettings(out) };
    const epochs = Math.max(settings.epochs, currentEpoch(checkpoint.position));
    // The folder may have been moved.
    return { settings: { ...settings, epochs, out }, checkpoint, damaged };
  }
  if (damaged.length > 0) {
    throw new RunError(
      'NoWholeCheckpoint',
      `${damaged[0].path}: found it damaged (${damaged[0].reason}), and no older checkpoint that is whole`,
    );
  }
  // The run was stopped before its first checkpoint: it starts over.
  return { settings: settingsIn(out), checkpoint, damaged };
}

/** @throws RunError if the run has learned from other data */
export function requireSameData({ settings, checkpoint }: ExistingRun, dataset: Dataset): void {
  if (checkpoint === undefined || checkpoint.datasetSha256 === dataset.sha256) return;
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

function settingsIn(out: string): Settings {
  try {
    return { ...readConfig(out), out };
  } catch (error) {
    const found = `found no settings in it (${reasonOf(error)})`;
    throw new RunError('NoSettings', `${pathsOf(out).config}: ${found}`);
  }
}

/** What was asked for since a checkpoint was written, as config.json has it; nothing if it cannot be read. */
function changedSettings(out: string): Partial<Settings> {
  try {
    const config = readConfig(out);
    return Object.fromEntries(CHANGEABLE_SETTINGS.map((name) => [name, config[name]]));
  } catch {
    return {};
  }
}
