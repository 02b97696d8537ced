/** What is wrong with an answer: a status, a header or a body that the interface does not promise. */

import { decode, decodeApng } from 'fast-png';
import { GifReader } from 'omggif';

import { type Answer, type Request, valueOf } from './client.ts';

const STATUSES = new Set([200, 204, 304, 400, 404, 405, 406]);
const PROBLEMS = new Set([400, 404, 405, 406]);
/** What an HTTP server answers by itself, before any Worker sees the request: a method or an address that is none. */
const REFUSALS = new Set([400, 501]);
/** What only an injected header could be called. */
const INJECTED = new Set(['x-injected', 'set-cookie']);

/** Whether the Worker has answered, and not the runtime before it. */
export function isWorkers({ headers }: Answer): boolean {
  return valueOf(headers, 'x-content-type-options') === 'nosniff';
}

/** In a few words, what is wrong; undefined if nothing is. */
export function faultOf(request: Request, answer: Answer): string | undefined {
  const { status, headers, body } = answer;
  const injected = headers.find(([name]) => INJECTED.has(name));
  if (injected) return `a header from the request: ${injected[0]}`;
  if (!isWorkers(answer)) {
    return REFUSALS.has(status) ? undefined : `status ${status} without this Worker's headers`;
  }
  if (!STATUSES.has(status)) return `status ${status}`;
  if (valueOf(headers, 'access-control-allow-origin') !== '*') return 'no CORS header';
  if (status === 204 || status === 304) return undefined;
  const length = valueOf(headers, 'content-length');
  if (length === undefined) return 'no Content-Length';
  if (request.method === 'HEAD') return undefined;
  if (Number(length) !== body.length) return `${body.length} bytes, Content-Length says ${length}`;
  const type = valueOf(headers, 'content-type') ?? 'none';
  if (PROBLEMS.has(status)) return problemFault(answer, type);
  return bodyFault(type, body);
}

function problemFault({ status, headers, body }: Answer, type: string): string | undefined {
  if (type !== 'application/problem+json') return `a problem of type ${type}`;
  if (valueOf(headers, 'cache-control') !== 'no-store') return 'a problem that caches may keep';
  const problem = JSON.parse(body.toString()) as Record<string, unknown>;
  if (problem['status'] !== status) return `a problem that says another status than ${status}`;
  return typeof problem['detail'] === 'string' ? undefined : 'a problem without a detail';
}

/** Each reads a body by its type, and throws where it is none. */
const READERS: Readonly<Record<string, (body: Buffer) => void>> = {
  'application/json': (body) => void JSON.parse(body.toString()),
  'image/png': (body) => void (body.includes('acTL') ? decodeApng(body) : decode(body)),
  'image/apng': (body) => void decodeApng(body),
  'image/gif': readGif,
  'image/svg+xml': (body) =>
    void requireMatch(body, /^<svg [^<>]+>(?:<\/?(?:svg|g|path)(?: [^<>]+)?>)+$/),
  'image/x-icon': (body) => void decode(body.subarray(body.readUInt32LE(18))),
  'application/x-npy': readNpy,
  'application/x-idx': readIdx,
  'text/plain; charset=utf-8': readText,
  'text/html; charset=utf-8': (body) =>
    void requireMatch(body, /^<!doctype html>[^]*<\/html>\s*$/i),
  'text/css; charset=utf-8': readText,
  'text/javascript; charset=utf-8': readText,
};

function bodyFault(type: string, body: Buffer): string | undefined {
  const read = READERS[type];
  if (!read) return `a body of type ${type}`;
  try {
    read(body);
    return undefined;
  } catch (error) {
    return `a body that is no ${type}: ${String(error)}`;
  }
}

function readGif(body: Buffer): void {
  const gif = new GifReader(body);
  if (gif.numFrames() < 2) throw new Error(`found ${gif.numFrames()} frames`);
  const pixels = new Uint8Array(gif.width * gif.height * 4);
  for (let frame = 0; frame < gif.numFrames(); frame++) gif.decodeAndBlitFrameRGBA(frame, pixels);
}

function readNpy(body: Buffer): void {
  const shape = /^\x93NUMPY....\{'descr': '\|u1'.*'shape': \(([\d, ]+)\), \} *\n/s;
  const header = requireMatch(body, shape);
  const sizes = header[1].split(', ').map(Number);
  requireBytes(body.length - header[0].length, sizes);
}

function readIdx(body: Buffer): void {
  requireBytes(
    body.length - 16,
    [4, 8, 12].map((at) => body.readUInt32BE(at)),
  );
}

function readText(body: Buffer): void {
  new TextDecoder('utf-8', { fatal: true }).decode(body);
}

function requireMatch(body: Buffer, pattern: RegExp): RegExpExecArray {
  const match = pattern.exec(body.toString('latin1'));
  if (!match) throw new Error(`found ${JSON.stringify(body.toString('latin1', 0, 60))}`);
  return match;
}

function requireBytes(found: number, sizes: readonly number[]): void {
  const expected = sizes.reduce((product, size) => product * size, 1);
  if (found !== expected) throw new Error(`found ${found} bytes, expected ${expected}`);
}
