/** Headers that are parsed, up to a bound: parsing takes time, and no limit counts it. */

/** A header; undefined where it is not sent, or is longer than anybody means, which is as if it were not sent. */
export function boundedHeader(value: string | undefined, maxLength: number): string | undefined {
  return value === undefined || value.length > maxLength ? undefined : value;
}

/** Browsers send up to 200 characters. */
export const MAX_ACCEPT_LENGTH = 1024;
/** Holds several tags of the longest permalinks, which take up to 2,000 characters. */
export const MAX_IF_NONE_MATCH_LENGTH = 8192;
/** Those of browsers and of what calls itself compatible take up to 300. */
export const MAX_USER_AGENT_LENGTH = 1024;
