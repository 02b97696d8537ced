/** What caches may keep, and for how long: https://www.rfc-editor.org/rfc/rfc9111 */

import { boundedHeader, MAX_IF_NONE_MATCH_LENGTH } from './header.ts';

/** Nothing from a fresh seed is stored; what names both seed and model never expires. */
export function cacheControlOf(isFresh: boolean, namesModel: boolean): string {
  if (isFresh) return 'no-store';
  return namesModel ? FOR_EVER : AN_HOUR;
}

export const FOR_EVER = 'public, max-age=31536000, immutable';
export const AN_HOUR = 'public, max-age=3600';

/**
 * Whether `If-None-Match` names an entity tag, by weak comparison (RFC 9110, section 13.1.2). Not by Hono's
 * middleware, which compares once there is an answer: here a 304 costs no drawing.
 */
export function matchesEntityTag(ifNoneMatch: string | undefined, entityTag: string): boolean {
  const tags = boundedHeader(ifNoneMatch, MAX_IF_NONE_MATCH_LENGTH);
  if (tags === undefined) return false;
  if (tags.trim() === '*') return true;
  const opaqueTags: readonly string[] = tags.match(/"[^"]*"/g) ?? [];
  return opaqueTags.includes(entityTag);
}
