/** Where the server has what the page shows. All paths name the model, so they give the same bytes for good. */

/** The largest at which the walk is within the server's bound on pixels. */
const WALK_SCALE = 6;

export function digitPath(seed: string, model: string, format: string): string {
  return `/digit.${format}?seed=${encode(seed)}&model=${model}`;
}

/** @param columns of the grid; formats that have none ignore it */
export function digitsPath(
  seed: string,
  model: string,
  format: string,
  count: number,
  columns: number,
): string {
  return `/digits.${format}?seed=${encode(seed)}&model=${model}&count=${count}&cols=${columns}`;
}

export function walkPath(from: string, to: string, model: string, format: string): string {
  return `/walk.${format}?from=${encode(from)}&to=${encode(to)}&model=${model}&scale=${WALK_SCALE}`;
}

/** @param url without apostrophes */
export function curlLine(url: string): string {
  return `curl -o digit.png '${url}'`;
}

/** Escapes apostrophes too, which would end the shell's quotes. */
function encode(seed: string): string {
  return encodeURIComponent(seed).replaceAll("'", '%27');
}
