/** Folders, IDX files and commands for the tests of training. */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { onTestFinished } from 'vitest';

import { Random } from '../../src/sampler/random.ts';
import { Failure } from '../../training/cli/failure.ts';

/** Size and classes of MNIST's images. */
export const LIKE_MNIST = {
  width: 28,
  height: 28,
  classes: Array.from({ length: 10 }, (_, label) => `${label}`),
};

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'digitmint-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** An IDX file: magic number, dimensions, bytes. */
export function idx(magic: number, sizes: readonly number[], body: Uint8Array): Uint8Array {
  const file = new Uint8Array(4 + 4 * sizes.length + body.length);
  const view = new DataView(file.buffer);
  view.setUint32(0, magic);
  for (const [i, size] of sizes.entries()) view.setUint32(4 + 4 * i, size);
  file.set(body, 4 + 4 * sizes.length);
  return file;
}

/** Images of 28 × 28: image i is grey level i throughout. */
export function idxImages(count: number): Uint8Array {
  const body = Uint8Array.from({ length: count * 784 }, (_, i) => Math.floor(i / 784));
  return idx(0x0803, [count, 28, 28], body);
}

/** Labels: 0, 1, 2 … */
export function idxLabels(count: number): Uint8Array {
  return idx(
    0x0801,
    [count],
    Uint8Array.from({ length: count }, (_, i) => i % 10),
  );
}

/** A folder with pictures of noise in ten classes. */
export function noiseFolder(count = 60): string {
  const random = Random.fromString('noise');
  const images = Uint8Array.from({ length: count * 784 }, () => random.below(256));
  return dataFolder(count, { 'train-images-idx3-ubyte': idx(0x0803, [count, 28, 28], images) });
}

/** A folder with a data set of `count` images to learn from and as many to test on; `overrides` replaces files, null leaves one out. */
export function dataFolder(
  count: number,
  overrides: Readonly<Record<string, Uint8Array | null>> = {},
  { gzip = false } = {},
): string {
  const folder = temporaryFolder();
  const files: Record<string, Uint8Array | null> = {
    'train-images-idx3-ubyte': idxImages(count),
    'train-labels-idx1-ubyte': idxLabels(count),
    't10k-images-idx3-ubyte': idxImages(count),
    't10k-labels-idx1-ubyte': idxLabels(count),
    ...overrides,
  };
  for (const [name, bytes] of Object.entries(files)) {
    if (bytes === null) continue;
    writeFileSync(join(folder, gzip ? `${name}.gz` : name), gzip ? gzipSync(bytes) : bytes);
  }
  return folder;
}

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts `node training/commands/COMMAND.ts` on this very Node. */
export function start(
  command: string,
  args: readonly string[],
  nodeArgs: readonly string[] = [],
): { process: ChildProcess; ended: Promise<Ended> } {
  const file = join(import.meta.dirname, '../../training/commands', `${command}.ts`);
  const child = spawn(process.execPath, [...nodeArgs, file, ...args]);
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { process: child, ended };
}

/** Runs `node training/commands/COMMAND.ts` to its end. */
export function run(
  command: string,
  args: readonly string[],
  nodeArgs: readonly string[] = [],
): Promise<Ended> {
  return start(command, args, nodeArgs).ended;
}

/** The failure that an action ends in. */
export function failureOf(action: () => unknown): Failure {
  try {
    action();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('expected a failure');
}
