/** Whether a process's memory stays level. */

import type { Watch } from './attack.ts';

const MIB = 2 ** 20;
/**
 * What the runtime's heap may still grow by in the second half of an attack: it collects garbage when it likes, and not
 * before it has some 200 MiB of it.
 */
const MAX_GROWTH_MIB = 64;

/**
 * @param samples of the memory in use, in bytes, from beginning to end; undefined where nobody knows
 * @returns what to say about them
 */
export function growthOf(samples: readonly (number | undefined)[], watch: Watch): string {
  const mebibytes = samples.filter((bytes) => bytes !== undefined).map((bytes) => bytes / MIB);
  if (mebibytes.length < 2) return 'memory unknown';
  const middle = Math.floor(mebibytes.length / 2);
  const highest = Math.max(...mebibytes.slice(0, middle + 1));
  const grown = mebibytes[mebibytes.length - 1] - highest;
  if (grown > MAX_GROWTH_MIB)
    watch.found(`memory grew by ${Math.round(grown)} MiB in the second half`);
  return `memory ${mebibytes.map((each) => Math.round(each)).join(' ')} MiB`;
}
