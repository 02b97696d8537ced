/**
 * Builds what is in build/ and public/assets/, and only if something has changed: beside each artefact lies a stamp, the
 * hash of every file that it was made from and of every file that it consists of. The files that it is
 * made from are found by following imports, not listed. How each artefact is made stands in a module of its own.
 */

import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Failure, reasonOf } from '../cli/failure.ts';
import { writeAtomically } from '../cli/files.ts';

/** The project's top folder. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What tools and dependencies there are decides what comes out of them. */
const LOCK_FILE = 'package-lock.json';

/** Something that is made from other files. All paths are relative to the project's top folder. */
export interface Artefact {
  /** Files and folders of different names; the stamp is named after the first. */
  readonly outputs: readonly string[];
  /** What has to be built before. */
  readonly needs: readonly Artefact[];
  /** What it is made from: modules stand for all that they import, other files for themselves. */
  inputs(root: string): Promise<Inputs>;
  /** Writes the outputs into an empty folder, from where they are moved to where they belong. */
  make(folder: string, root: string): Promise<void>;
}

export interface Inputs {
  /** Includes the module that makes the artefact. */
  readonly modules: readonly string[];
  /** And folders, of which the names of the files in them count. */
  readonly files: readonly string[];
}

/**
 * Brings artefacts, and what they need, up to date.
 * @throws Failure where something an artefact is made from cannot be used; the artefact stays as it was
 */
export async function build(artefacts: readonly Artefact[], root = ROOT): Promise<void> {
  for (const artefact of artefacts) {
    await build(artefact.needs, root);
    if (!isUpToDate(artefact, root)) await rebuild(artefact, root);
  }
}

/** Hashes by path; null where there is nothing. */
type Stamp = Readonly<Record<string, string | null>>;

function isUpToDate(artefact: Artefact, root: string): boolean {
  const stamp = readStamp(stampPath(artefact, root));
  return (
    stamp !== undefined &&
    Object.entries(stamp).every(([path, hash]) => hashOf(join(root, path)) === hash)
  );
}

async function rebuild(artefact: Artefact, root: string): Promise<void> {
  const { outputs } = artefact;
  process.stderr.write(`Building ${outputs.join(', ')}\n`);
  mkdirSync(join(root, 'build'), { recursive: true });
  const folder = mkdtempSync(join(root, 'build/unfinished-'));
  try {
    // Hashed before they are read, so that what is edited meanwhile is built again the next time.
    const inputs = stampOf(await allInputs(await artefact.inputs(root), root), root);
    await artefact.make(folder, root);
    for (const output of outputs) move(join(folder, basename(output)), join(root, output));
    const files = outputs.flatMap((output) => filesIn(output, root));
    const stamp: Stamp = { ...inputs, ...stampOf(files, root) };
    writeAtomically(stampPath(artefact, root), `${JSON.stringify(stamp, null, 1)}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function stampPath({ outputs }: Artefact, root: string): string {
  return join(root, 'build', `${basename(outputs[0])}.stamp.json`);
}

function readStamp(path: string): Stamp | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Stamp;
  } catch {
    return undefined;
  }
}

function stampOf(paths: readonly string[], root: string): Stamp {
  return Object.fromEntries(paths.map((path) => [path, hashOf(join(root, path))]));
}

/** Of a folder, the hash of the names in it. */
function hashOf(path: string): string | null {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return null;
  const content = found.isDirectory()
    ? JSON.stringify(readdirSync(path).toSorted())
    : readFileSync(path);
  return createHash('sha256').update(content).digest('hex');
}

/** The files themselves, all modules that are imported, and what decides how these are compiled. */
async function allInputs({ modules, files }: Inputs, root: string): Promise<string[]> {
  const imported = await importedBy(modules, root);
  const folders = new Set(imported.flatMap(ancestorsOf));
  const settings = [...folders].map((folder) => join(folder, 'tsconfig.json'));
  return [LOCK_FILE, ...settings, ...files, ...imported];
}

/** The modules themselves and all that they import, packages aside. */
async function importedBy(modules: readonly string[], root: string): Promise<string[]> {
  const { buildSync } = await import('esbuild');
  try {
    const { metafile } = buildSync({
      absWorkingDir: root,
      entryPoints: [...modules],
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      loader: { '.wasm': 'empty', '.safetensors': 'empty' },
      logLevel: 'silent',
      outdir: 'build',
      write: false,
      metafile: true,
    });
    return Object.keys(metafile.inputs);
  } catch (error) {
    throw new Failure(reasonOf(error));
  }
}

/** The folders that a file lies in, up to the top one. */
function ancestorsOf(path: string): string[] {
  const folder = dirname(path);
  return folder === '.' ? [folder] : [folder, ...ancestorsOf(folder)];
}

function filesIn(output: string, root: string): string[] {
  if (!statSync(join(root, output)).isDirectory()) return [output];
  const entries = readdirSync(join(root, output), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(root, join(parentPath, name)));
}

/** Replaces what is there: a file at once, a folder only after the old one is removed. */
function move(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  if (statSync(to, { throwIfNoEntry: false })?.isDirectory()) rmSync(to, { recursive: true });
  renameSync(from, to);
}
