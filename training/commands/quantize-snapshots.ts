/** `npm run quantize -- --snapshots`: what the page shows of a training, from the snapshots of a run. */

import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { writeAtomically } from '../cli/files.ts';
import { quantizeSnapshot } from '../evaluation/quantized.ts';
import { shownSnapshotsOf } from '../gan/shown-snapshots.ts';

/** Where the build finds them. */
export const SNAPSHOTS = 'weights/snapshots';

/**
 * Writes int8 snapshots and metrics.jsonl into a folder, in place of those that are there.
 * @param say called with a line for each
 * @throws RunError where the run has no snapshots, FloatFileError for one that is broken
 */
export function quantizeSnapshots(run: string, out: string, say: (line: string) => void): void {
  const { names, metrics } = shownSnapshotsOf(run);
  const files = names.map((name) => {
    const source = join(run, 'snapshots', name);
    say(`${source} → ${join(out, name)}`);
    return { name, bytes: quantizeSnapshot(readFileSync(source)) };
  });
  const before = existsSync(out) ? readdirSync(out) : [];
  for (const name of before) {
    if (/^epoch-[0-9]+\.safetensors$/.test(name)) rmSync(join(out, name));
  }
  for (const { name, bytes } of files) writeAtomically(join(out, name), bytes);
  writeAtomically(join(out, 'metrics.jsonl'), metrics);
}
