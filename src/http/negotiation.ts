/** The format that `Accept` asks for: https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1 */

import type { Context, MiddlewareHandler } from 'hono';
import { accepts } from 'hono/accepts';

import { Problem } from './problem.ts';

/** For routes whose format depends on `Accept`; problems vary by it as well. */
export const varyByAccept: MiddlewareHandler = async (c, next) => {
  await next();
  c.res.headers.set('Vary', 'Accept');
};

/**
 * The format that `Accept` prefers; of several equal ones, the first. Without the header, or if it is empty,
 * the first of all.
 * @throws Problem 406 if it allows none
 */
export function negotiate<T extends { readonly mediaType: string }>(
  c: Context,
  formats: readonly T[],
): T {
  const supports = formats.map(({ mediaType }) => mediaType);
  const best = accepts(c, { header: 'Accept', supports, default: supports[0], match: bestOf });
  const format = formats.find(({ mediaType }) => mediaType === best);
  if (format) return format;
  throw new Problem(406, `Accept allows none of ${supports.join(', ')}.`, { available: supports });
}

/**
 * Whether `Accept` names a media type (a wildcard does not) and likes it at least as much as another.
 * Browsers that go to an address ask for HTML that way; their <img> and curl do not.
 */
export function prefers(c: Context, mediaType: string, other: string): boolean {
  const match: Match = (ranges) => {
    const named = ranges.filter(({ type }) => type.toLowerCase() === mediaType);
    const quality = Math.max(0, ...named.map(({ q }) => q));
    return quality > 0 && quality >= qualityOf(other, ranges) ? mediaType : other;
  };
  const supports = [mediaType, other];
  return accepts(c, { header: 'Accept', supports, default: other, match }) === mediaType;
}

type Match = NonNullable<Parameters<typeof accepts>[1]['match']>;
type MediaRanges = Parameters<Match>[0];

// In place of Hono's own, by which the client's order decides ties and */* matches nothing.
const bestOf: Match = (ranges, { supports }) => {
  let best = '';
  let bestQuality = 0;
  for (const mediaType of supports) {
    const quality = qualityOf(mediaType, ranges);
    if (quality > bestQuality) [best, bestQuality] = [mediaType, quality];
  }
  return best;
};

/** The quality of the most specific range that covers a media type, 0 if none does. */
function qualityOf(mediaType: string, ranges: MediaRanges): number {
  const covering = [mediaType, mediaType.replace(/\/.*/, '/*'), '*/*'];
  for (const range of covering) {
    const matching = ranges.filter(({ type }) => type.toLowerCase() === range);
    if (matching.length > 0) return Math.max(...matching.map(({ q }) => q));
  }
  return 0;
}
