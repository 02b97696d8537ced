/** Where the server has what the page shows. All paths name the model, so they give the same bytes for good. */

import { permalink } from '../../http/permalink.ts';

/** The largest at which the walk is within the server's bound on pixels. */
const WALK_SCALE = 6;

export function digitPath(seed: string, model: string, format: string): string {
  return quotable(permalink(`/digit.${format}`, { seed, model }));
}

/** @param columns of the grid; formats that have none ignore it */
export function digitsPath(
  seed: string,
  model: string,
  format: string,
  count: number,
  columns: number,
): string {
  return quotable(permalink(`/digits.${format}`, { seed, model, count, cols: columns }));
}

export function walkPath(from: string, to: string, model: string, format: string): string {
  return quotable(permalink(`/walk.${format}`, { from, to, model, scale: WALK_SCALE }));
}

/** @param url without apostrophes */
export function curlLine(url: string): string {
  return `curl -o digit.png '${url}'`;
}

/** Escapes apostrophes, which would end a shell's quotes. */
function quotable(path: string): string {
  return path.replaceAll("'", '%27');
}
