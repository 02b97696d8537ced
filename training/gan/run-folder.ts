/**
 * A run's folder: config.json, metrics.jsonl, samples/, snapshots/, checkpoints/ and, at the end,
 * generator.safetensors. What is in a checkpoint is in checkpoint.ts, when to write what in run.ts.
 */

import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { grid } from '../../src/encoders/pixels.ts';
import { encodePng } from '../../src/encoders/png/png.ts';
import { Failure, reasonOf } from '../cli/failure.ts';
import { TEMPORARY, appendDurably, writeAtomically } from '../cli/files.ts';
import type { Dataset } from '../data/dataset.ts';
import { type Checkpoint, type Damage, newestCheckpoint } from './checkpoint.ts';
import { type Settings, trainFlags } from './recipe.ts';

/** A run's folder, as far as going on needs it. */
export interface ExistingRun {
  settings: Settings;
  checkpoint: Checkpoint | undefined;
  /** Checkpoints that are newer, and not whole. */
  damaged: Damage[];
}

/** A line of metrics.jsonl. */
export interface Metrics {
  epoch: number;
  /** Steps since the start of the run. */
  step: number;
  /** Means over the epoch. */
  discriminatorLoss: number;
  generatorLoss: number;
  stepMs: number;
  /** Time spent since the start of the run, over all resumptions. */
  elapsedS: number;
}

/** What config.json holds. */
type Config = Settings & {
  dataset: Pick<Dataset, 'name' | 'count' | 'sha256'>;
  backend: Computing;
};

/** What really computes, where the settings say `auto` or what is allowed. */
export interface Computing {
  threads: number;
  relaxedSimd: boolean;
}

/** Pictures in a row of the grid. */
const GRID_COLUMNS = 10;

/** @throws Failure where the folder holds anything: a run that exists is not touched. */
export function requireNoRun(out: string): void {
  if (!existsSync(out)) return;
  if (!statSync(out).isDirectory()) {
    throw new Failure(`${out}: found a file, expected a folder; choose another one by --out DIR.`);
  }
  // A file that is not whole yet is what a crash at the very start leaves.
  if (readdirSync(out).every((name) => name.endsWith(TEMPORARY))) return;
  throw new Failure(
    existsSync(configOf(out))
      ? `${out}: found a run; go on with it by --resume, or choose another folder by --out DIR.`
      : `${out}: found a folder that is not empty; choose another one by --out DIR.`,
  );
}

/** Reads what a run left. @throws Failure where there is nothing to go on from. */
export function openRun(out: string): ExistingRun {
  if (!existsSync(configOf(out))) {
    throw new Failure(`${out}: found no run to resume; leave out --resume to start one.`);
  }
  const { checkpoint, damaged } = newestCheckpoint(checkpointsOf(out));
  if (checkpoint !== undefined) {
    // More epochs may have been asked for since that checkpoint was written.
    const epochs = Math.max(checkpoint.settings.epochs, epochsOf(out));
    return { settings: { ...checkpoint.settings, epochs }, checkpoint, damaged };
  }
  if (damaged.length > 0) {
    throw new Failure(
      `${damaged[0].path}: found it damaged (${damaged[0].reason}), and no older checkpoint that is whole; start another run by --out DIR.`,
    );
  }
  // Stopped before its first checkpoint: it starts over.
  return { settings: readConfig(out), checkpoint, damaged };
}

/** Where a run's checkpoints are. */
export function checkpointsOf(out: string): string {
  return join(out, 'checkpoints');
}

function configOf(out: string): string {
  return join(out, 'config.json');
}

function readConfig(out: string): Settings {
  try {
    const config = JSON.parse(readFileSync(configOf(out), 'utf8')) as Config;
    const settings = Object.entries(trainFlags).filter(([name]) => name !== 'resume');
    const missing = settings.find(([name]) => !Object.hasOwn(config, name));
    if (missing !== undefined) throw new Error(`${missing[0]} is missing`);
    const { dataset: _, backend: __, ...rest } = config;
    return rest;
  } catch (error) {
    throw new Failure(`${configOf(out)}: found no settings in it (${reasonOf(error)}).`);
  }
}

/** The epochs in config.json; 0 where it says nothing of them. */
function epochsOf(out: string): number {
  try {
    return readConfig(out).epochs;
  } catch {
    return 0;
  }
}

/** Every setting, what the run learns from, and what computes it. */
export function writeConfig(
  settings: Settings,
  { name, count, sha256 }: Dataset,
  { threads, relaxedSimd }: Computing,
): void {
  const config: Config = {
    ...settings,
    dataset: { name, count, sha256 },
    backend: { threads, relaxedSimd },
  };
  writeAtomically(configOf(settings.out), `${JSON.stringify(config, undefined, 2)}\n`);
}

function metricsOf(out: string): string {
  return join(out, 'metrics.jsonl');
}

/** Keeps the metrics of the first so many epochs. */
export function cutMetrics(out: string, epochs: number): void {
  const path = metricsOf(out);
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
  const kept = lines.slice(0, epochs).filter((line) => line !== '');
  writeAtomically(path, kept.map((line) => `${line}\n`).join(''));
}

/** Adds an epoch's line. */
export function appendMetrics(out: string, metrics: Metrics): void {
  appendDurably(metricsOf(out), `${JSON.stringify(metrics)}\n`);
}

/** Writes the grid of an epoch's digits and the generator that drew them. */
export function writeSamples(
  out: string,
  epoch: number,
  { digits, generator }: { digits: readonly Uint8Array[]; generator: Uint8Array },
): void {
  const name = `epoch-${String(epoch).padStart(4, '0')}`;
  writeAtomically(join(out, 'samples', `${name}.png`), encodePng(grid(digits, GRID_COLUMNS)));
  writeAtomically(join(out, 'snapshots', `${name}.safetensors`), generator);
}

/** Writes the generator of the last epoch; returns its path. */
export function writeGenerator(out: string, generator: Uint8Array): string {
  const path = join(out, 'generator.safetensors');
  writeAtomically(path, generator);
  return path;
}
