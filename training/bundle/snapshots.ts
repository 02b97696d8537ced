/**
 * weights/snapshots/ → what the page shows of a training: the generator after some of its epochs, int8 as `quantize`
 * writes it, laid out for the kernel with the classifier that ships, and the losses on the way. Not here: serving them.
 */

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { Failure } from '../cli/failure.ts';
import { type WeightsFile, learnedSameData, packModel } from './packing.ts';

/** Paths are relative to the project's top folder. */
export const SNAPSHOTS = 'weights/snapshots';
const METRICS = `${SNAPSHOTS}/metrics.jsonl`;
const NAME = /^epoch-([0-9]+)\.safetensors$/;

/** What index.json says, beside the files that it names. */
export interface SnapshotIndex {
  /** In the order of their epochs. */
  readonly snapshots: readonly { readonly epoch: number; readonly file: string }[];
  /** The lines of metrics.jsonl: what the training measured at each epoch. */
  readonly metrics: readonly unknown[];
}

export interface Snapshots {
  readonly index: SnapshotIndex;
  /** Packed models, by the names that the index has for them. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/**
 * The snapshots of the generator that ships; none where there is no such folder, or where they learned from other data, as
 * those that were there before somebody's own weights.
 * @throws Failure for a file that cannot be used
 */
export function snapshotsOf(
  root: string,
  generator: WeightsFile,
  classifier: WeightsFile | undefined,
): Snapshots {
  const files = new Map<string, Uint8Array>();
  const snapshots: { epoch: number; file: string }[] = [];
  for (const file of namesIn(join(root, SNAPSHOTS))) {
    const epoch = Number(NAME.exec(file)?.[1]);
    if (Number.isNaN(epoch)) continue;
    const path = `${SNAPSHOTS}/${file}`;
    const snapshot = { path, bytes: readFileSync(join(root, path)) };
    if (!learnedSameData(snapshot, generator)) return { index: NO_SNAPSHOTS, files: new Map() };
    files.set(file, packModel(snapshot, classifier));
    snapshots.push({ epoch, file });
  }
  const inOrder = snapshots.toSorted((one, other) => one.epoch - other.epoch);
  return { index: { snapshots: inOrder, metrics: metricsIn(join(root, METRICS)) }, files };
}

const NO_SNAPSHOTS: SnapshotIndex = { snapshots: [], metrics: [] };

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

function metricsIn(path: string): unknown[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  return lines.map((line, index): unknown => {
    try {
      return JSON.parse(line);
    } catch {
      throw new Failure(`${METRICS}: found no JSON in line ${index + 1}, expected an object.`);
    }
  });
}
