/** Puts a file among the weights that ship, so that the model which they were goes on answering its permalinks. */

import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { writeAtomically } from '../cli/files.ts';
import { ROOT } from './build.ts';
import { dropShipped, keepShipped } from './earlier.ts';
import { CLASSIFIER, GENERATOR } from './model.ts';

/** What commands say of their flag --replace. */
export const REPLACE_ABOUT = 'the model that shipped until now is not kept: its permalinks end';

/**
 * Writes a file of weights. Where it is one of those that ship, and changes, the model that ships becomes an earlier one.
 * @param replace whether to do without
 * @returns what to say about that, in a line; undefined if there is nothing to say
 */
export async function writeWeights(
  path: string,
  bytes: Uint8Array,
  replace: boolean,
  root = ROOT,
): Promise<string | undefined> {
  const ships = [GENERATOR, CLASSIFIER].some((each) => resolve(path) === join(root, each));
  const isSame = existsSync(path) && readFileSync(path).equals(bytes);
  if (!ships || isSame) {
    writeAtomically(path, bytes);
    return undefined;
  }
  const kept = replace ? undefined : await keepShipped(root);
  writeAtomically(path, bytes);
  await dropShipped(root);
  if (kept === undefined) return undefined;
  return `${kept}: the model that shipped until now, whose permalinks stay good.`;
}
