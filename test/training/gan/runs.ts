/** Small runs on noise, and what they leave, for the tests of the loop. */

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import type { Progress } from '../../../training/cli/progress.ts';
import type { Dataset } from '../../../training/data/dataset.ts';
import { DATA_DEFAULTS } from '../../../training/data/options.ts';
import { newestCheckpoint } from '../../../training/gan/checkpoint.ts';
import { openRun } from '../../../training/gan/existing-run.ts';
import type { Run } from '../../../training/gan/loop.ts';
import type { Settings } from '../../../training/gan/recipe.ts';
import { LIKE_MNIST } from '../helpers.ts';

export const SIZES = { latentSize: 5, generatorUnits: [8, 784], discriminatorUnits: [8, 6, 1] };
export const DATASET: Dataset = {
  ...LIKE_MNIST,
  name: 'noise',
  count: 20,
  images: Uint8Array.from({ length: 20 * 784 }, (_, i) => (i * 7919) % 256),
  labels: new Uint8Array(20),
  sha256: 'of noise',
};

export function settingsOf(out: string, changes: Partial<Settings> = {}): Settings {
  return {
    epochs: 3,
    stepsPerEpoch: 3,
    batchSize: 4,
    latentSize: 5,
    generatorLearningRate: 1e-3,
    generatorBeta1: 0.5,
    discriminatorLearningRate: 1e-3,
    discriminatorBeta1: 0.5,
    labelSmoothing: 0.9,
    lrDecay: 0,
    ema: 0,
    latentScale: 1,
    seed: 7,
    conditional: false,
    threads: 1,
    ...DATA_DEFAULTS,
    from: null,
    out,
    checkpointEvery: 1,
    sampleEvery: 2,
    evaluateEvery: 0,
    relaxedSimd: false,
    ...changes,
  };
}

export const SILENT: Progress = {
  say: () => {},
  stepped: () => {},
  paused: () => {},
  end: () => {},
};

export function runOf(out: string, changes: Partial<Settings> = {}, progress = SILENT): Run {
  return {
    settings: settingsOf(out, changes),
    dataset: DATASET,
    checkpoint: undefined,
    computing: { threads: 1, relaxedSimd: false },
    sizes: SIZES,
    progress,
    interrupted: () => false,
  };
}

export function conditional(out: string): Run {
  return { ...runOf(out, { conditional: true }), sizes: { ...SIZES, classes: 10 } };
}

export function resumed(out: string, changes: Partial<Settings> = {}): Run {
  const { settings, checkpoint } = openRun(out);
  return { ...runOf(out), settings: { ...settings, ...changes }, checkpoint };
}

/** Interrupts after `steps` steps. */
export function after(steps: number): () => boolean {
  let asked = 0;
  return () => asked++ >= steps;
}

/** Ends the run at step `steps`, without a chance to save. */
export function crashAfter(steps: number): Progress {
  let done = 0;
  const stepped = (): void => {
    done += 1;
    if (done === steps) throw new Error('power cut');
  };
  return { ...SILENT, stepped };
}

export function metricsOf(out: string): Record<string, number>[] {
  const lines = readFileSync(join(out, 'metrics.jsonl'), 'utf8').split('\n');
  return lines.slice(0, -1).map((line) => JSON.parse(line) as Record<string, number>);
}

/** All of a run that does not depend on the time it took. */
export function resultOf(out: string): Record<string, unknown> {
  const bytes = (folder: string): [string, string][] =>
    readdirSync(join(out, folder))
      .toSorted()
      .map((name) => [name, readFileSync(join(out, folder, name), 'hex')]);
  const generator = join(out, 'generator.safetensors');
  const { checkpoint } = newestCheckpoint(join(out, 'checkpoints'));
  const tensors = [...(checkpoint?.tensors ?? [])].map(([name, { data }]) => [
    name,
    Buffer.from(data).toString('hex'),
  ]);
  return {
    generator: existsSync(generator) ? readFileSync(generator, 'hex') : undefined,
    tensors,
    random: checkpoint?.randomState,
    iterations: checkpoint?.iterations,
    previews: bytes('samples'),
    metrics: metricsOf(out).map((line) => Object.assign(line, { stepMs: 0, elapsedS: 0 })),
  };
}
