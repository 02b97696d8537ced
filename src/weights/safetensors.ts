/**
 * Safetensors files, the one file format of this project, read and written
 * (https://github.com/huggingface/safetensors, "Format").
 *
 * A file is 8 bytes with the header's length (little-endian), the header in JSON, and the tensors'
 * bytes. The header maps each tensor's name to its dtype, shape and [begin, end) in those bytes;
 * `__metadata__` maps text to text. Files are taken as hostile: everything is checked before a byte
 * of a tensor is used. Not here: dtypes that this project does not write.
 */

import { abridge, quote } from './quote.ts';

const BYTES_PER_ELEMENT = { F32: 4, I8: 1 } as const;
const LENGTH_BYTES = 8;
/**
 * Against files made to exhaust memory: the format allows a hundred times as much, but that takes gigabytes to parse, and
 * the headers of this project have a few kilobytes.
 */
const MAX_HEADER_BYTES = 1_000_000;

export interface SafetensorsTensor {
  readonly dtype: keyof typeof BYTES_PER_ELEMENT;
  readonly shape: readonly number[];
  /** A view of the tensor's bytes in the file, little-endian, row by row. */
  readonly data: Uint8Array;
}

export interface Safetensors {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: ReadonlyMap<string, SafetensorsTensor>;
}

/** What is wrong with a file, one code for each corruption. */
export type SafetensorsErrorCode =
  | 'FileTooShort'
  | 'HeaderTooLong'
  | 'HeaderNotUtf8'
  | 'HeaderNotJson'
  | 'HeaderNotAnObject'
  | 'DuplicateName'
  | 'BadMetadata'
  | 'BadTensor'
  | 'UnknownDtype'
  | 'BadShape'
  | 'BadOffsets'
  | 'SizeMismatch'
  | 'GapBetweenTensors'
  | 'OverlappingTensors'
  | 'BytesMissing'
  | 'BytesLeftOver'
  | 'WrongDtype';

export class SafetensorsError extends Error {
  override readonly name = 'SafetensorsError';
  readonly code: SafetensorsErrorCode;

  constructor(code: SafetensorsErrorCode, message: string) {
    super(`safetensors: ${message}`);
    this.code = code;
  }
}

/**
 * The metadata and tensors of a file; the tensors are views of `bytes`, nothing is copied.
 * @throws SafetensorsError whose `code` names the corruption
 */
export function parseSafetensors(bytes: Uint8Array): Safetensors {
  const { header, bodyStart } = readHeader(bytes);
  const body = bytes.subarray(bodyStart);
  const entries = Object.entries(header).filter(([name]) => name !== '__metadata__');
  const placed = entries.map(([name, entry]) => placeTensor(name, entry));
  checkLayout(placed, body.length);
  return {
    metadata: readMetadata(header['__metadata__']),
    tensors: new Map(
      placed.map(({ name, dtype, shape, begin, end }) => [
        name,
        { dtype, shape, data: body.subarray(begin, end) },
      ]),
    ),
  };
}

/**
 * The numbers of an F32 tensor, in a copy of their own (a file's tensors need not be aligned).
 * @throws SafetensorsError `WrongDtype` for another dtype
 */
export function float32Of(tensor: SafetensorsTensor): Float32Array {
  if (tensor.dtype !== 'F32') throw wrongDtype('F32', tensor);
  const { buffer, byteOffset, byteLength } = tensor.data;
  const view = new DataView(buffer, byteOffset, byteLength);
  return Float32Array.from({ length: byteLength / 4 }, (_, i) => view.getFloat32(4 * i, true));
}

/**
 * The numbers of an I8 tensor: a view of the file's bytes.
 * @throws SafetensorsError `WrongDtype` for another dtype
 */
export function int8Of(tensor: SafetensorsTensor): Int8Array {
  if (tensor.dtype !== 'I8') throw wrongDtype('I8', tensor);
  const { buffer, byteOffset, byteLength } = tensor.data;
  return new Int8Array(buffer, byteOffset, byteLength);
}

function wrongDtype(expected: string, tensor: SafetensorsTensor): SafetensorsError {
  return new SafetensorsError('WrongDtype', `dtype is ${tensor.dtype}, expected ${expected}`);
}

interface PlacedTensor {
  readonly name: string;
  readonly dtype: SafetensorsTensor['dtype'];
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

function readHeader(bytes: Uint8Array): { header: Record<string, unknown>; bodyStart: number } {
  if (bytes.length < LENGTH_BYTES) {
    throw new SafetensorsError(
      'FileTooShort',
      `the file has ${bytes.length} bytes, expected at least the ${LENGTH_BYTES} of the header's length`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerBytes = view.getBigUint64(0, true);
  const room = bytes.length - LENGTH_BYTES;
  if (headerBytes > BigInt(Math.min(room, MAX_HEADER_BYTES))) {
    const expected =
      headerBytes > BigInt(room)
        ? `the file has room for ${room}`
        : `expected at most ${MAX_HEADER_BYTES}`;
    throw new SafetensorsError(
      'HeaderTooLong',
      `the header is said to have ${headerBytes} bytes, ${expected}`,
    );
  }
  const bodyStart = LENGTH_BYTES + Number(headerBytes);
  const text = decodeUtf8(bytes.subarray(LENGTH_BYTES, bodyStart));
  const header = parseJson(text);
  if (!isObject(header)) {
    throw new SafetensorsError('HeaderNotAnObject', 'the header is not a JSON object');
  }
  checkNamesUnique(text, header);
  return { header, bodyStart };
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new SafetensorsError('HeaderNotUtf8', 'the header is not valid UTF-8');
  }
}

function parseJson(text: string): unknown {
  // The format asks for "{" as the first byte and allows spaces after the last.
  if (!text.startsWith('{')) {
    throw new SafetensorsError('HeaderNotJson', 'the header does not start with "{"');
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new SafetensorsError('HeaderNotJson', 'the header is not valid JSON');
  }
}

/**
 * JSON.parse silently keeps the last of two equal names. A dropped one leaves a trace: the text has
 * more strings with a colon behind them, which are the names, than the parsed header has names.
 */
function checkNamesUnique(text: string, header: Record<string, unknown>): void {
  if (countWrittenNames(text) !== countNames(header)) {
    throw new SafetensorsError('DuplicateName', 'a name stands twice in the header');
  }
}

const SPACE = /[ \t\n\r]/u;

/** Strings with a colon behind them, in a text that is valid JSON. */
function countWrittenNames(text: string): number {
  let count = 0;
  let at = text.indexOf('"');
  while (at >= 0) {
    do at += text[at] === '\\' ? 2 : 1;
    while (text[at] !== '"');
    do at++;
    while (SPACE.test(text[at] ?? ''));
    if (text[at] === ':') count++;
    at = text.indexOf('"', at);
  }
  return count;
}

/** All names in a value, however deep it is: a recursion could be made to run out of stack. */
function countNames(value: unknown): number {
  let count = 0;
  const rest = [value];
  while (rest.length > 0) {
    const next = rest.pop();
    if (typeof next !== 'object' || next === null) continue;
    const inner: unknown[] = Object.values(next);
    if (!Array.isArray(next)) count += inner.length;
    for (const item of inner) rest.push(item);
  }
  return count;
}

function readMetadata(metadata: unknown): Record<string, string> {
  if (metadata === undefined) return {};
  if (!isObject(metadata)) {
    throw new SafetensorsError('BadMetadata', '__metadata__ is not a JSON object');
  }
  const texts: [string, string][] = Object.entries(metadata).map(([name, value]) => {
    if (typeof value !== 'string') {
      throw new SafetensorsError('BadMetadata', `__metadata__ "${abridge(name)}" is not a string`);
    }
    return [name, value];
  });
  return Object.fromEntries(texts);
}

function placeTensor(name: string, entry: unknown): PlacedTensor {
  const quoted = quote(name);
  if (!isObject(entry)) {
    throw new SafetensorsError('BadTensor', `${quoted} is not a JSON object`);
  }
  const { dtype, shape, data_offsets: offsets } = entry;
  if (dtype !== 'F32' && dtype !== 'I8') {
    throw new SafetensorsError(
      'UnknownDtype',
      `${quoted} has dtype ${quote(dtype)}, expected "F32" or "I8"`,
    );
  }
  if (!isSizes(shape)) {
    throw new SafetensorsError(
      'BadShape',
      `${quoted} has shape ${quote(shape)}, expected whole numbers`,
    );
  }
  if (!isSizes(offsets) || offsets.length !== 2 || offsets[0] > offsets[1]) {
    throw new SafetensorsError(
      'BadOffsets',
      `${quoted} has data_offsets ${quote(offsets)}, expected [begin, end]`,
    );
  }
  const [begin, end] = offsets;
  const sizeBytes = shape.reduce((product, size) => product * size, BYTES_PER_ELEMENT[dtype]);
  if (sizeBytes !== end - begin) {
    throw new SafetensorsError(
      'SizeMismatch',
      `${quoted} has ${end - begin} bytes, its shape ${quote(shape)} needs ${sizeBytes}`,
    );
  }
  return { name, dtype, shape, begin, end };
}

/** The tensors must cover the bytes from the first to the last, without gap or overlap. */
function checkLayout(tensors: readonly PlacedTensor[], bodyBytes: number): void {
  let covered = 0;
  for (const { name, begin, end } of tensors.toSorted(
    (a, b) => a.begin - b.begin || a.end - b.end,
  )) {
    if (begin > covered) {
      throw new SafetensorsError(
        'GapBetweenTensors',
        `${quote(name)} begins at byte ${begin}, expected ${covered}, where the tensor before it ends`,
      );
    }
    if (begin < covered) {
      throw new SafetensorsError(
        'OverlappingTensors',
        `${quote(name)} begins at byte ${begin}, inside the tensor that ends at ${covered}`,
      );
    }
    covered = end;
  }
  if (covered > bodyBytes) {
    throw new SafetensorsError(
      'BytesMissing',
      `the tensors need ${covered} bytes, the file has ${bodyBytes}: it was cut off`,
    );
  }
  if (covered < bodyBytes) {
    throw new SafetensorsError(
      'BytesLeftOver',
      `the tensors end at byte ${covered}, the file goes on to ${bodyBytes}`,
    );
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

/** A tensor to be written; its bytes are row by row. */
export interface NewTensor {
  readonly name: string;
  readonly dtype: SafetensorsTensor['dtype'];
  readonly shape: readonly number[];
  readonly data: Float32Array | Int8Array;
}

/** The format asks for tensors that begin at a multiple of this. */
const ALIGNMENT_BYTES = 8;

/**
 * The bytes of a file with these tensors in this order, F32 before I8 so that each is aligned.
 * All platforms that Node runs on are little-endian, as the format is.
 */
export function serializeSafetensors(
  tensors: readonly NewTensor[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const pieces = piecesOfSafetensors(tensors, metadata);
  const file = new Uint8Array(pieces.reduce((size, piece) => size + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    file.set(piece, at);
    at += piece.length;
  }
  return file;
}

/** The same file in pieces, to be written one after the other: the header, then each tensor's own bytes, not copied. */
export function piecesOfSafetensors(
  tensors: readonly NewTensor[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array[] {
  const ordered = tensors.toSorted((a, b) => a.dtype.localeCompare(b.dtype));
  const header: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const { name, dtype, shape, data } of ordered) {
    const end = offset + data.byteLength;
    header[name] = { dtype, shape, data_offsets: [offset, end] };
    offset = end;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const headerBytes = Math.ceil(json.length / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;

  const start = new Uint8Array(LENGTH_BYTES + headerBytes).fill(0x20);
  new DataView(start.buffer).setBigUint64(0, BigInt(headerBytes), true);
  start.set(json, LENGTH_BYTES);
  const bodies = ordered.map(
    ({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  );
  return [start, ...bodies];
}
