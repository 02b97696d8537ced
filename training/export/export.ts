/** The kinds of files that a float generator is written to for other libraries: a kind is an entry of this table. */

import { statSync } from 'node:fs';
import { join } from 'node:path';

import { Failure } from '../cli/failure.ts';
import { writeAtomically } from '../cli/files.ts';
import type { FloatNetwork } from '../quantization/float-file.ts';
import { toNpz } from './npz.ts';
import { toOnnx } from './onnx.ts';
import { toTfjs } from './tfjs.ts';

/** Writes a generator to a file or folder. @returns the paths that were written */
type Write = (generator: FloatNetwork, out: string) => Promise<readonly string[]>;

const WRITERS = {
  tfjs: async (generator, out) => {
    requireNoFile(out);
    const files = await toTfjs(generator);
    return Array.from(files, ([name, bytes]) => write(join(out, name), bytes));
  },
  onnx: async (generator, out) => [write(out, toOnnx(generator))],
  npz: async (generator, out) => [write(out, toNpz(generator))],
} satisfies Record<string, Write>;

export type Target = keyof typeof WRITERS;
export const TARGETS = Object.keys(WRITERS) as readonly Target[];

/** @param out a folder for tfjs, a file for the others */
export function exportGenerator(
  generator: FloatNetwork,
  target: Target,
  out: string,
): Promise<readonly string[]> {
  return WRITERS[target](generator, out);
}

/** @throws Failure where a folder cannot be made */
function requireNoFile(out: string): void {
  if (statSync(out, { throwIfNoEntry: false })?.isDirectory() !== false) return;
  throw new Failure(`${out}: found a file, expected the name of a folder.`);
}

function write(path: string, bytes: Uint8Array): string {
  writeAtomically(path, bytes);
  return path;
}
