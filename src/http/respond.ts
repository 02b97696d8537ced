/** HTTP as such: content negotiation, entity tags, problems, and what every answer carries. */

import { utf8ToBytes } from '@noble/hashes/utils.js';

const METHODS = 'GET, HEAD, OPTIONS';

/** On every answer, whatever its status. */
const COMMON_HEADERS: Readonly<Record<string, string>> = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers':
    'Content-Type, Content-Length, ETag, Cache-Control, Content-Location, ' +
    'X-Digit-Seed, X-Digit-Model, X-Digit-Label, X-Digit-Confidence',
  'X-Content-Type-Options': 'nosniff',
};

/** A response that names its length, which HEAD could not tell without the body. */
export function answer(
  status: number,
  body: Uint8Array | string,
  headers: Readonly<Record<string, string>>,
): Response {
  const bytes = typeof body === 'string' ? utf8ToBytes(body) : new Uint8Array(body);
  return new Response(bytes, {
    status,
    headers: { ...COMMON_HEADERS, ...headers, 'Content-Length': `${bytes.length}` },
  });
}

/** An answer that is all headers. */
export function emptyAnswer(status: number, headers: Readonly<Record<string, string>>): Response {
  return new Response(null, { status, headers: { ...COMMON_HEADERS, ...headers } });
}

/** JSON, never kept by a cache. */
export function jsonDocument(content: unknown): Response {
  return answer(200, JSON.stringify(content), {
    'Content-Type': 'application/json',
    'Cache-Control': 'no-store',
  });
}

/** An answer other than success, thrown from wherever it turns out. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: ProblemStatus;
  readonly extra: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  /**
   * @param detail what happened, for people
   * @param extra further members of the document, for programs
   */
  constructor(
    status: ProblemStatus,
    detail: string,
    extra: Readonly<Record<string, unknown>> = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail);
    this.status = status;
    this.extra = extra;
    this.headers = headers;
  }

  /** The problem document (RFC 9457). Its type is "about:blank": the status says what kind it is. */
  response(): Response {
    const document = {
      type: 'about:blank',
      title: TITLES[this.status],
      status: this.status,
      detail: this.message,
      ...this.extra,
    };
    return answer(this.status, JSON.stringify(document), {
      'Content-Type': 'application/problem+json',
      'Cache-Control': 'no-store',
      ...this.headers,
    });
  }
}

const TITLES = {
  400: 'Bad Request',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
} as const;
export type ProblemStatus = keyof typeof TITLES;

export function methodNotAllowed(method: string): Problem {
  return new Problem(405, `This route answers ${METHODS}, not ${method}.`, {}, { Allow: METHODS });
}

/** The answer to OPTIONS, and so to a browser's preflight (https://fetch.spec.whatwg.org/#http-cors-protocol). */
export function preflight(): Response {
  return emptyAnswer(204, {
    Allow: METHODS,
    'Access-Control-Allow-Methods': METHODS,
    'Access-Control-Allow-Headers': '*',
    'Access-Control-Max-Age': '86400',
  });
}

/**
 * The media type that `Accept` likes best (RFC 9110, section 12.5.1), the first of several equal ones;
 * undefined if it allows none. No header, or an empty one, allows everything.
 */
export function negotiate<T extends { readonly mediaType: string }>(
  accept: string | undefined,
  choices: readonly T[],
): T | undefined {
  if (!accept?.trim()) return choices[0];
  const ranges = accept.split(',').map(parseRange);
  let best: T | undefined;
  let bestQuality = 0;
  for (const choice of choices) {
    const quality = qualityOf(choice.mediaType, ranges);
    if (quality > bestQuality) [best, bestQuality] = [choice, quality];
  }
  return best;
}

/**
 * Whether `Accept` names a media type, which no wildcard does, and likes it at least as much as another:
 * so do browsers that go to an address, unlike their <img> and unlike curl.
 */
export function prefers(accept: string | undefined, mediaType: string, other: string): boolean {
  const ranges = (accept ?? '').split(',').map(parseRange);
  const named = ranges.filter(({ type }) => type === mediaType);
  const quality = Math.max(0, ...named.map((range) => range.quality));
  return quality > 0 && quality >= qualityOf(other, ranges);
}

interface MediaRange {
  readonly type: string;
  readonly quality: number;
}

/** A range whose q is no number counts as if it had none; other parameters do not matter here. */
function parseRange(text: string): MediaRange {
  const [type, ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const q = parameters.find((parameter) => /^q\s*=/.test(parameter))?.replace(/^q\s*=\s*/, '');
  const quality = q !== undefined && /^(\d+\.?\d*|\.\d+)$/.test(q) ? Math.min(Number(q), 1) : 1;
  return { type, quality };
}

/** The quality of the most specific range that covers a media type, 0 if none does. */
function qualityOf(mediaType: string, ranges: readonly MediaRange[]): number {
  const covering = [mediaType, mediaType.replace(/\/.*/, '/*'), '*/*'];
  for (const type of covering) {
    const matching = ranges.filter((range) => range.type === type);
    if (matching.length > 0) return Math.max(...matching.map(({ quality }) => quality));
  }
  return 0;
}

/** Whether `If-None-Match` names this entity tag, by weak comparison (RFC 9110, section 13.1.2). */
export function matchesEntityTag(ifNoneMatch: string | undefined, entityTag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  const opaqueTags: readonly string[] = ifNoneMatch.match(/"[^"]*"/g) ?? [];
  return opaqueTags.includes(entityTag);
}
