/** Where the server has what the page shows. All paths name the model, so they give the same bytes for good. */

import type { Size } from '../../digit.ts';
import { MAX_PICTURE_PIXELS } from '../../http/bounds.ts';
import { permalink } from '../../http/permalink.ts';

/** The largest at which a walk of so many pictures is within the server's usual bound on pixels. */
function walkScale({ width, height }: Size, frames: number): number {
  return Math.max(1, Math.floor(Math.sqrt(MAX_PICTURE_PIXELS / (frames * width * height))));
}

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

/** @param pictures the size and the number of its pictures */
export function walkPath(
  from: string,
  to: string,
  model: string,
  format: string,
  pictures: Size & { readonly count: number },
): string {
  const scale = walkScale(pictures, pictures.count);
  return quotable(permalink(`/walk.${format}`, { from, to, model, scale }));
}

/** @param url without apostrophes */
export function curlLine(url: string): string {
  return `curl -o digit.png '${url}'`;
}

/** Escapes apostrophes, which would end a shell's quotes. */
function quotable(path: string): string {
  return path.replaceAll("'", '%27');
}
