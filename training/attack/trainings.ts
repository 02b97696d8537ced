/** Small trainings in processes of their own, to be killed or paused, and what is left of them. */

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

import { encodeIdx } from '../../src/encoders/idx.ts';
import type { Random } from '../../src/sampler/random.ts';
import { Failure } from '../cli/failure.ts';
import { pathsOf } from '../gan/run-folder.ts';

const TRAIN = join(import.meta.dirname, '../commands/train.ts');
/** What commands load first (package.json): it lets them start sooner. */
const NODE_ARGS = ['-r', join(import.meta.dirname, '../../tools/node/start.cjs')];
/** Small, so that a training starts soon. */
const [COUNT, SIDE] = [64, 8];

/** A process whose output is read. */
type Child = ChildProcessByStdio<null, Readable, Readable>;

/** A folder with pictures of noise. */
export function dataIn(folder: string, random: Random): string {
  const data = join(folder, 'data');
  const images = Uint8Array.from({ length: COUNT * SIDE * SIDE }, () => random.below(256));
  mkdirSync(data);
  writeFileSync(join(data, 'train-images-idx3-ubyte'), encodeIdx([COUNT, SIDE, SIDE], images));
  return data;
}

/** The bytes of the generator that a run has left. */
export function generatorOf(out: string): Buffer {
  return readFileSync(pathsOf(out).generator);
}

/** Trains to the end. @throws Failure if it fails */
export async function finish(args: readonly string[]): Promise<void> {
  const { code, said } = await startTraining(args).ended;
  if (code !== 0) throw new Failure(`A training ended with ${code}, expected 0: ${said}`);
}

/** When a training has said what it computes with. */
export function begun(child: Child): Promise<void> {
  return new Promise((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      if (chunk.includes('Training in')) resolve();
    });
  });
}

/** Starts `train:wasm` with these flags. */
export function startTraining(args: readonly string[]): {
  readonly child: Child;
  readonly ended: Promise<{ readonly code: number | null; readonly said: string }>;
} {
  const child = spawn(process.execPath, [...NODE_ARGS, TRAIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stdout.resume();
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = once(child, 'close').then(([code]) => ({
    code: code as number | null,
    said: said.trim(),
  }));
  return { child, ended };
}
