/** Responses, and the headers that all of them have. */

import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { MiddlewareHandler } from 'hono';

export type Headers = Readonly<Record<string, string>>;

/** A response with its `Content-Length`, which HEAD could not know without the body. */
export function answer(status: number, body: Uint8Array | string, headers: Headers): Response {
  const bytes = typeof body === 'string' ? utf8ToBytes(body) : new Uint8Array(body);
  return new Response(bytes, {
    status,
    headers: { ...headers, 'Content-Length': `${bytes.length}` },
  });
}

/** For JSON that no cache may store. */
export const DOCUMENT_HEADERS: Headers = {
  'Content-Type': 'application/json',
  'Cache-Control': 'no-store',
};

export function answerDocument(document: unknown): Response {
  return answer(200, JSON.stringify(document), DOCUMENT_HEADERS);
}

const COMMON_HEADERS = Object.entries({
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers':
    'Content-Type, Content-Length, ETag, Cache-Control, Content-Location, ' +
    'X-Digit-Seed, X-Digit-Model, X-Digit-Label, X-Digit-Asked, X-Digit-Confidence, ' +
    'Retry-After, Allow',
  'X-Content-Type-Options': 'nosniff',
  // For pages that embed nothing without it: https://fetch.spec.whatwg.org/#cross-origin-resource-policy-header
  'Cross-Origin-Resource-Policy': 'cross-origin',
});

/**
 * Any page may read every answer, problems included, and no browser may take one for another type. The first
 * two headers could come from hono/cors, as those of preflights do (methods.ts); but it sets them before there
 * is an answer, and then Hono makes each response anew, at 17 µs a request.
 */
export const commonHeaders: MiddlewareHandler = async (c, next) => {
  await next();
  const { headers } = c.res;
  for (const [name, value] of COMMON_HEADERS) headers.set(name, value);
};
