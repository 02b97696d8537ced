/**
 * The web page over HTTP: the document at / and its files under /page/. They are made when the Worker is
 * built (training/bundle/page.ts); all that is filled in here is the origin, if the operator names one, and the name of the model.
 */

import { answer, type Headers } from '../http/answer.ts';
import { AN_HOUR, FOR_EVER, matchesEntityTag } from '../http/caching.ts';
import { queryOf } from '../http/query.ts';

/** build/page.js */
export interface PageBundle {
  /** With {{origin}} and {{model}} still to be filled in. */
  readonly html: PageFile;
  /** By name. */
  readonly files: Readonly<Record<string, PageFile>>;
}

/** A file of the page, as the build made it. */
export interface PageFile {
  readonly contentType: string;
  /** The first hex digits of the SHA-256 of its bytes. */
  readonly version: string;
  /** Its text, or else its bytes. */
  readonly text?: string;
  readonly base64?: string;
}

export interface Page {
  /**
   * @param model 16 hex digits
   * @param origin what addresses begin with; empty for addresses relative to the page's own
   */
  document(request: Request, model: string, origin: string): Response;
  /**
   * The same for those who show a preview of a link, and take no addresses but absolute ones; kept by nobody.
   * @param origin never empty
   */
  preview(model: string, origin: string): Response;
  /** The files under /page/, by name. */
  readonly files: ReadonlyMap<string, (request: Request) => Response>;
}

/**
 * The page loads and runs its own files, and nothing else. Browsers compile the kernel, which takes
 * 'wasm-unsafe-eval' (https://www.w3.org/TR/CSP3/#can-compile-wasm-bytes).
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The page of this build. */
export function createPage({ html, files }: PageBundle): Page {
  const documentHeaders = {
    'Content-Type': html.contentType,
    'Content-Security-Policy': CONTENT_SECURITY_POLICY,
    'Referrer-Policy': 'no-referrer',
  };
  return {
    files: new Map(
      Object.entries(files).map(([name, file]) => [
        name,
        (request: Request) => answerFile(request, file),
      ]),
    ),
    document(request, shownHash, origin) {
      const headers = {
        ETag: `"${html.version}-${shownHash}${origin}"`,
        'Cache-Control': 'no-cache',
      };
      return answerUnlessKnown(request, headers, () => ({
        body: fill(html.text ?? '', { origin, model: shownHash }),
        headers: documentHeaders,
      }));
    },
    preview(shownHash, origin) {
      const body = fill(html.text ?? '', { origin, model: shownHash });
      return answer(200, body, { ...documentHeaders, 'Cache-Control': 'no-store' });
    },
  };
}

function answerFile(
  request: Request,
  { contentType, version, text, base64 = '' }: PageFile,
): Response {
  const asked = new URLSearchParams(queryOf(request.url)).get('v');
  const headers = { ETag: `"${version}"`, 'Cache-Control': cacheControlOf(asked, version) };
  return answerUnlessKnown(request, headers, () => ({
    body: text ?? bytesOf(base64),
    headers: { 'Content-Type': contentType },
  }));
}

/** While one Worker replaces another, a page may ask one for the other's version: no cache may keep that. */
function cacheControlOf(asked: string | null, version: string): string {
  if (asked === null) return AN_HOUR;
  return asked === version ? FOR_EVER : 'no-store';
}

/** @param headers those that a 304 has as well */
function answerUnlessKnown(
  request: Request,
  headers: Headers & { readonly ETag: string },
  create: () => { readonly body: Uint8Array | string; readonly headers: Headers },
): Response {
  const known = request.headers.get('If-None-Match') ?? undefined;
  if (matchesEntityTag(known, headers.ETag)) return new Response(null, { status: 304, headers });
  const { body, headers: more } = create();
  return answer(200, body, { ...headers, ...more });
}

function fill(html: string, values: Readonly<Record<string, string>>): string {
  return html.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => escape(values[name]));
}

/** For texts and attributes of HTML. */
function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
