/**
 * weights/earlier: the models that shipped before the current one, as the kernel reads them, each in a file by the name of
 * its hash. Here they are kept and listed; assets.ts puts them where the Worker finds them.
 */

import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import type { ListedModel } from '../../src/weights/earlier.ts';
import { ANSWERS_VERSION, readPacked, shownHashOf } from '../../src/weights/packed.ts';
import { Failure, reasonOf } from '../cli/failure.ts';
import { writeAtomically } from '../cli/files.ts';
import { packShipped } from './model.ts';

/** Relative to the project's top folder. */
export const EARLIER = 'weights/earlier';
const ENDING = '.safetensors';

/** A file of an earlier model, checked. */
export interface EarlierFile extends ListedModel {
  /** Relative to the project's top folder. */
  readonly path: string;
}

/** @throws Failure for a file that cannot be used */
export function earlierFiles(root: string): EarlierFile[] {
  if (!existsSync(join(root, EARLIER))) return [];
  const names = readdirSync(join(root, EARLIER)).filter((name) => name.endsWith(ENDING));
  return names.toSorted().map((name) => readEarlier(root, `${EARLIER}/${name}`));
}

function readEarlier(root: string, path: string): EarlierFile {
  const bytes = readFileSync(join(root, path));
  const { hash, answersVersion } = read(path, bytes);
  if (path !== pathOf(hash)) {
    throw new Failure(`${path}: found the model ${hash}, expected it in ${pathOf(hash)}.`);
  }
  if (answersVersion !== ANSWERS_VERSION) {
    throw new Failure(
      `${path}: found a model of answers in version ${answersVersion}, expected ${ANSWERS_VERSION}: this code does not repeat them, so remove the file.`,
    );
  }
  return { path, hash, sha256: createHash('sha256').update(bytes).digest('hex') };
}

function read(path: string, bytes: Uint8Array) {
  try {
    return readPacked(bytes);
  } catch (error) {
    throw new Failure(
      `${path}: found no model that can be used (${reasonOf(error)}); git checkout ${EARLIER} brings it back.`,
    );
  }
}

function pathOf(hash: string): string {
  return `${EARLIER}/${shownHashOf(hash)}${ENDING}`;
}

/**
 * Keeps the model that ships among the earlier ones, before other weights take its place.
 * @returns the path of its file; undefined where no model ships: no weights, or weights that cannot be used or do not go
 * together, of which no Worker can be built either
 */
export async function keepShipped(root: string): Promise<string | undefined> {
  const packed = await shippedIn(root);
  if (!packed) return undefined;
  const path = pathOf(readPacked(packed).hash);
  writeAtomically(join(root, path), packed);
  return path;
}

/** Nothing is kept twice: a model that ships again is no earlier one. */
export async function dropShipped(root: string): Promise<void> {
  const packed = await shippedIn(root);
  if (packed) rmSync(join(root, pathOf(readPacked(packed).hash)), { force: true });
}

async function shippedIn(root: string): Promise<Uint8Array | undefined> {
  try {
    return await packShipped(root);
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}
