/** The format that `Accept` asks for: https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1 */

import type { Context, MiddlewareHandler } from 'hono';
import { parseAccept } from 'hono/utils/accept';

import { boundedHeader, MAX_ACCEPT_LENGTH } from './header.ts';
import { Problem } from './problem.ts';

/** For routes whose format depends on `Accept`; problems vary by it as well. */
export const varyByAccept: MiddlewareHandler = async (c, next) => {
  await next();
  c.res.headers.set('Vary', 'Accept');
};

/**
 * The format that `Accept` prefers; of several equal ones, the first, and not as with Hono's `accepts` the client's
 * first. Without the header, or if it is empty or too long to be meant, the first of all.
 * @throws Problem 406 if it allows none
 */
export function negotiate<T extends { readonly mediaType: string }>(
  c: Context,
  formats: readonly T[],
): T {
  const ranges = rangesOf(c);
  if (ranges.length === 0) return formats[0];
  let best: T | undefined;
  let bestQuality = 0;
  for (const format of formats) {
    const quality = qualityOf(format.mediaType, ranges);
    if (quality > bestQuality) [best, bestQuality] = [format, quality];
  }
  if (best) return best;
  const available = formats.map(({ mediaType }) => mediaType);
  throw new Problem(406, `Accept allows none of ${available.join(', ')}.`, { available });
}

/**
 * Whether `Accept` names a media type (a wildcard does not) and likes it at least as much as another.
 * Browsers that go to an address ask for HTML that way; their <img> and curl do not.
 */
export function prefers(c: Context, mediaType: string, other: string): boolean {
  const ranges = rangesOf(c);
  const named = ranges.filter(({ type }) => type.toLowerCase() === mediaType);
  const quality = Math.max(0, ...named.map(({ q }) => q));
  return quality > 0 && quality >= qualityOf(other, ranges);
}

/** Whether `Accept` allows a media type, if only by a wildcard or by saying nothing. */
export function allows(c: Context, mediaType: string): boolean {
  const ranges = rangesOf(c);
  return ranges.length === 0 || qualityOf(mediaType, ranges) > 0;
}

type MediaRanges = ReturnType<typeof parseAccept>;

/** What `Accept` lists; empty elements do not count (RFC 9110, section 5.6.1.2). */
function rangesOf({ req }: Context): MediaRanges {
  return parseAccept(boundedHeader(req.header('Accept'), MAX_ACCEPT_LENGTH) ?? '');
}

/** The quality of the most specific range that covers a media type, 0 if none does. */
function qualityOf(mediaType: string, ranges: MediaRanges): number {
  const covering = [mediaType, mediaType.replace(/\/.*/, '/*'), '*/*'];
  for (const range of covering) {
    const matching = ranges.filter(({ type }) => type.toLowerCase() === range);
    if (matching.length > 0) return Math.max(...matching.map(({ q }) => q));
  }
  return 0;
}
