/**
 * The files of a run's folder: config.json, metrics.jsonl, samples/ (the previews), snapshots/, checkpoints/,
 * report.html, TensorBoard's events, best.safetensors if distances are measured and, at the end,
 * generator.safetensors. Not here: what a checkpoint holds (checkpoint.ts), what a report shows (report.ts), when
 * what is written (loop.ts), and how a run is found again (existing-run.ts).
 */

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import * as v from 'valibot';

import type { Image } from '../../src/encoders/pixels.ts';
import { encodePng } from '../../src/encoders/png/png.ts';
import { appendDurably, readRegularFile, writeAtomically } from '../cli/files.ts';
import type { Dataset } from '../data/dataset.ts';
import { type Metrics, parseMetrics } from './metrics.ts';
import type { Settings } from './recipe.ts';
import { parseSettings } from './saved-settings.ts';

/** What really computes, where the settings say `auto` or what may be used. */
export interface Computing {
  readonly threads: number;
  readonly relaxedSimd: boolean;
}

/** What config.json holds. */
type Config = Settings & {
  readonly dataset: Omit<Dataset, 'images' | 'labels'>;
  readonly backend: Computing;
};

/** Where the files of a run are. */
export interface Paths {
  readonly config: string;
  readonly metrics: string;
  readonly checkpoints: string;
  /** Held by the training that writes into the folder. */
  readonly lock: string;
  /** There once the run has finished. */
  readonly generator: string;
  /** The generator of the smallest Fréchet distance so far, if it is measured. */
  readonly best: string;
  readonly report: string;
  readonly previews: string;
  preview(epoch: number): string;
  snapshot(epoch: number): string;
}

export function pathsOf(out: string): Paths {
  return {
    config: join(out, 'config.json'),
    metrics: join(out, 'metrics.jsonl'),
    checkpoints: join(out, 'checkpoints'),
    lock: join(out, 'lock'),
    generator: join(out, 'generator.safetensors'),
    best: join(out, 'best.safetensors'),
    report: join(out, 'report.html'),
    previews: join(out, 'samples'),
    preview: (epoch) => join(out, 'samples', `${nameOf(epoch)}.png`),
    snapshot: (epoch) => join(out, 'snapshots', `${nameOf(epoch)}.safetensors`),
  };
}

/** `epoch-0001` */
function nameOf(epoch: number): string {
  return `epoch-${String(epoch).padStart(4, '0')}`;
}

/** What is needed of what config.json says about the data. */
const DATASET = v.object({ sha256: v.optional(v.string()) });

const PREVIEW_NAME = /^epoch-([0-9]{4,})\.png$/;

/** What a run's config.json says. */
export interface Configured {
  readonly settings: Settings;
  /** SHA-256 of the data that the run learns from; undefined if it does not say. */
  readonly datasetSha256: string | undefined;
}

/** @throws Error where config.json cannot be read, or does not hold every setting within its bounds */
export function readConfig(out: string): Configured {
  const config: unknown = JSON.parse(readRegularFile(pathsOf(out).config).toString());
  const { dataset } = v.parse(v.object({ dataset: v.fallback(DATASET, {}) }), {
    dataset: {},
    ...(config as object),
  });
  return { settings: parseSettings(config), datasetSha256: dataset.sha256 };
}

/** Writes every setting, what the run learns from, and what computes it. */
export function writeConfig(
  settings: Settings,
  { name, count, sha256, width, height, classes }: Dataset,
  { threads, relaxedSimd }: Computing,
): void {
  const config: Config = {
    ...settings,
    dataset: { name, count, sha256, width, height, classes },
    backend: { threads, relaxedSimd },
  };
  writeAtomically(pathsOf(settings.out).config, `${JSON.stringify(config, undefined, 2)}\n`);
}

/** The metrics of the epochs that have a line, in their order; lines that are none are left out. */
export function readMetrics(out: string): Metrics[] {
  const path = pathsOf(out).metrics;
  const lines = existsSync(path) ? readRegularFile(path).toString().split('\n') : [];
  const metrics = lines.flatMap((line) => parseMetrics(line) ?? []);
  // Of several lines of an epoch, the last counts.
  const byEpoch = new Map(metrics.map((line) => [line.epoch, line]));
  return [...byEpoch.values()].toSorted((a, b) => a.epoch - b.epoch);
}

/** Keeps the metrics of the first `epochs` epochs, and returns them. */
export function cutMetrics(out: string, epochs: number): Metrics[] {
  const kept = readMetrics(out).filter(({ epoch }) => epoch <= epochs);
  writeAtomically(pathsOf(out).metrics, kept.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return kept;
}

/** Adds an epoch's line. */
export function appendMetrics(out: string, metrics: Metrics): void {
  appendDurably(pathsOf(out).metrics, `${JSON.stringify(metrics)}\n`);
}

/** Writes an epoch's preview, a picture, and a snapshot of the generator that drew it. */
export function writePreview(
  out: string,
  epoch: number,
  { picture, generator }: { readonly picture: Image; readonly generator: Uint8Array },
): void {
  const { preview, snapshot } = pathsOf(out);
  writeAtomically(preview(epoch), encodePng(picture));
  writeAtomically(snapshot(epoch), generator);
}

export function hasPreview(out: string, epoch: number): boolean {
  return existsSync(pathsOf(out).preview(epoch));
}

/** The epochs up to `last` that have a preview, in their order. */
export function previewedEpochs(out: string, last: number): number[] {
  const { previews } = pathsOf(out);
  const names = existsSync(previews) ? readdirSync(previews) : [];
  return names
    .map((name) => Number(PREVIEW_NAME.exec(name)?.[1]))
    .filter((epoch) => epoch <= last)
    .toSorted((a, b) => a - b);
}

/** A preview's PNG file. */
export function readPreview(out: string, epoch: number): Uint8Array {
  return readFileSync(pathsOf(out).preview(epoch));
}
