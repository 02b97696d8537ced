/** Of a run's snapshots, those that tell how it learned: many of the first epochs, few of the later ones, and the last. */

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { RunError } from './existing-run.ts';
import { readMetrics } from './run-folder.ts';

const SHOWN_EPOCHS: ReadonlySet<number> = new Set([1, 2, 5, 10, 20, 50, 100, 200]);
const NAME = /^epoch-([0-9]{4,})\.safetensors$/;

export interface ShownSnapshots {
  /** Names of files in the run's folder of snapshots, in the order of their epochs. */
  readonly names: readonly string[];
  /** What was measured at each epoch up to the last of them: lines of JSON. */
  readonly metrics: string;
}

/**
 * The snapshots of the shown epochs that a run has.
 * @throws RunError if it has none
 */
export function shownSnapshotsOf(run: string): ShownSnapshots {
  const folder = join(run, 'snapshots');
  const all = existsSync(folder) ? readdirSync(folder) : [];
  const snapshots = all
    .flatMap((name) => {
      const found = NAME.exec(name);
      return found ? [{ name, epoch: Number(found[1]) }] : [];
    })
    .toSorted((one, other) => one.epoch - other.epoch);
  const last = snapshots.at(-1)?.epoch;
  if (last === undefined) throw new RunError('NoRun', `${run}: found no snapshots of a run`);
  const shown = snapshots.filter(({ epoch }) => SHOWN_EPOCHS.has(epoch) || epoch === last);
  const lines = readMetrics(run)
    .filter(({ epoch }) => epoch <= last)
    .map(({ epoch, discriminatorLoss, generatorLoss, frechet }) =>
      JSON.stringify({ epoch, discriminatorLoss, generatorLoss, frechet }),
    );
  return {
    names: shown.map(({ name }) => name),
    metrics: lines.map((line) => `${line}\n`).join(''),
  };
}
