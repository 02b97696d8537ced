/**
 * What a run tells about itself on the way: metrics.jsonl, TensorBoard's events and report.html, from the same lines.
 * Not here: when (loop.ts).
 */

import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { appendDurably, writeAtomically } from '../cli/files.ts';
import type { Dataset } from '../data/dataset.ts';
import { epochRecord, firstRecord } from './events.ts';
import type { Metrics } from './metrics.ts';
import type { Settings } from './recipe.ts';
import { reportHtml } from './report.ts';
import { appendMetrics, cutMetrics, pathsOf, previewedEpochs, readPreview } from './run-folder.ts';

export interface Journal {
  /** The lines so far. */
  readonly metrics: readonly Metrics[];
  /** Adds the line of an epoch to metrics.jsonl and to TensorBoard's events. */
  add(line: Metrics): void;
  /** Brings report.html up to date. */
  report(): void;
}

/** TensorBoard finds files by the beginning of their names; the start of the run follows, in seconds since 1970. */
const EVENTS = /^events\.out\.tfevents\.([0-9]+)\.digitmint$/;
/** A report shows no more previews than that, spread evenly over the run. */
const MAX_PREVIEWS = 24;

/** Opens a run's journal and cuts it back to its first `epochs` epochs. */
export function openJournal(
  settings: Settings,
  dataset: Pick<Dataset, 'name'>,
  epochs: number,
): Journal {
  const { out } = settings;
  const metrics = cutMetrics(out, epochs);
  const { path: events, startedS } = eventsOf(out);
  const records = metrics.map((line) => epochRecord(line, startedS));
  writeAtomically(events, Buffer.concat([firstRecord(startedS), ...records]));
  return {
    metrics,
    add(line) {
      appendMetrics(out, line);
      appendDurably(events, epochRecord(line, startedS));
      metrics.push(line);
    },
    report() {
      // The epoch in progress has a preview if the run was stopped in it.
      const previewed = previewedEpochs(out, (metrics.at(-1)?.epoch ?? 0) + 1);
      const shown = spread(previewed, MAX_PREVIEWS);
      const previews = shown.map((epoch) => ({ epoch, png: readPreview(out, epoch) }));
      const report = { settings, dataset: dataset.name, metrics, previews };
      writeAtomically(pathsOf(out).report, reportHtml(report));
    },
  };
}

/** The run's file of events, a new one if there is none, and the time in its name. */
function eventsOf(out: string): { readonly path: string; readonly startedS: number } {
  const times = readdirSync(out).map((name) => Number(EVENTS.exec(name)?.[1]));
  const startedS = times.find(Number.isInteger) ?? Math.floor(Date.now() / 1000);
  return { path: join(out, `events.out.tfevents.${startedS}.digitmint`), startedS };
}

/** At most `count` of the values, the first and the last among them, evenly spread. */
function spread<Value>(values: readonly Value[], count: number): Value[] {
  if (values.length <= count) return [...values];
  return Array.from(
    { length: count },
    (_, i) => values[Math.round((i * (values.length - 1)) / (count - 1))],
  );
}
