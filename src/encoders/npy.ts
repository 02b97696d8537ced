/**
 * NumPy's files, .npy, written and read: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 *
 * Written are unsigned bytes alone; read are numbers of all widths, little-endian. Files are taken as hostile: their length
 * must be what the header says. Not here: Fortran order, records, objects.
 */

import { ascii, checkShape, concatenate } from './bytes.ts';

/** Version 1.0: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html#format-version-1-0 */
const MAGIC = Uint8Array.of(0x93, ...ascii('NUMPY'), 1, 0);
/** The data begins at a multiple of this. */
const ALIGNMENT_BYTES = 64;

/**
 * A whole file.
 * @param data C order: the last index changes fastest
 * @throws {RangeError} if the shape asks for more or fewer bytes than there are
 */
export function encodeNpy(shape: readonly number[], data: Uint8Array): Uint8Array {
  checkShape(shape, data);
  return concatenate([npyHeader(shape), data]);
}

/**
 * All that comes before the data, for callers that write the data piece by piece.
 * @param type of the numbers, as NumPy writes it: https://numpy.org/doc/stable/reference/arrays.interface.html
 */
export function npyHeader(shape: readonly number[], type = '|u1'): Uint8Array {
  // Python ends a tuple of one with a comma.
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const dictionary = `{'descr': '${type}', 'fortran_order': False, 'shape': (${tuple}), }`;
  // Magic, two bytes for the header's length (little-endian), the dictionary, and a newline.
  const sizeBytes = MAGIC.length + 2 + dictionary.length + 1;
  const padding = -sizeBytes & (ALIGNMENT_BYTES - 1);
  const length = dictionary.length + padding + 1;
  return concatenate([
    MAGIC,
    Uint8Array.of(length & 0xff, length >>> 8),
    ascii(`${dictionary}${' '.repeat(padding)}\n`),
  ]);
}

/** What is wrong with a file, one code for each corruption. */
export type NpyErrorCode =
  | 'NotNpy'
  | 'HeaderCutOff'
  | 'BadHeader'
  | 'UnknownType'
  | 'FortranOrder'
  | 'BytesMissing'
  | 'BytesLeftOver';

export class NpyError extends Error {
  override readonly name = 'NpyError';
  readonly code: NpyErrorCode;

  constructor(code: NpyErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

export interface NpyArray {
  readonly shape: readonly number[];
  /** As NumPy writes it: `|u1`, `<f4` … */
  readonly type: string;
  readonly data: NpyNumbers;
}

export type NpyNumbers =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigUint64Array
  | BigInt64Array
  | Float32Array
  | Float64Array;

const TYPES: Readonly<
  Record<string, { BYTES_PER_ELEMENT: number; new (buffer: ArrayBuffer): NpyNumbers }>
> = {
  '|b1': Uint8Array,
  '|u1': Uint8Array,
  '|i1': Int8Array,
  '<u2': Uint16Array,
  '<i2': Int16Array,
  '<u4': Uint32Array,
  '<i4': Int32Array,
  '<u8': BigUint64Array,
  '<i8': BigInt64Array,
  '<f4': Float32Array,
  '<f8': Float64Array,
};

const MAX_HEADER_BYTES = 65_536;
/** The dictionary as NumPy writes it, names sorted. */
const DICTIONARY =
  /^\{'descr': '(?<type>[^']*)', 'fortran_order': (?<order>True|False), 'shape': \((?<shape>(?:\d+, ?)*\d*)\), \}\s*$/;

/**
 * The array of a whole file.
 * @throws {NpyError} whose `code` names the corruption
 */
export function parseNpy(file: Uint8Array): NpyArray {
  const { shape, type, dataStart } = parseNpyHeader(file, file.length);
  // A copy, since the numbers in a file need not be aligned.
  const data = new TYPES[type](new Uint8Array(file.subarray(dataStart)).buffer);
  return { shape, type, data };
}

/**
 * What a file holds, of which only the start is there yet.
 * @param start at least the header
 * @param size of the whole file, in bytes
 * @throws {NpyError} as {@link parseNpy}
 */
export function parseNpyHeader(
  start: Uint8Array,
  size: number,
): { readonly shape: readonly number[]; readonly type: string; readonly dataStart: number } {
  if (MAGIC.subarray(0, 6).some((byte, index) => start[index] !== byte)) {
    throw new NpyError('NotNpy', 'found other bytes than those that a .npy file begins with');
  }
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  // Version 1 has 16 bits for the header's length, 2 and 3 have 32.
  const lengthBytes = start[6] === 1 ? 2 : 4;
  const textStart = 8 + lengthBytes;
  if (start.length < textStart) throw cutOff(size);
  const length = lengthBytes === 2 ? view.getUint16(8, true) : view.getUint32(8, true);
  const dataStart = textStart + length;
  if (length > MAX_HEADER_BYTES || dataStart > start.length) throw cutOff(size);
  const text = String.fromCharCode(...start.subarray(textStart, dataStart));
  const groups = DICTIONARY.exec(text)?.groups;
  if (groups === undefined) {
    throw new NpyError(
      'BadHeader',
      `found the header ${text.trim().slice(0, 60)}…, expected type, order and shape of an array of numbers`,
    );
  }
  const { type } = groups;
  if (!Object.hasOwn(TYPES, type)) {
    const expected = Object.keys(TYPES).join(' ');
    throw new NpyError('UnknownType', `found numbers of type ${type}, expected one of ${expected}`);
  }
  const shape = groups['shape']
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number);
  if (groups['order'] === 'True' && shape.length > 1) {
    throw new NpyError(
      'FortranOrder',
      'found the first index changing fastest, expected the last; numpy.ascontiguousarray turns it',
    );
  }
  const expected =
    shape.reduce((product, n) => product * n, TYPES[type].BYTES_PER_ELEMENT) + dataStart;
  if (size !== expected) {
    const isShort = size < expected;
    throw new NpyError(
      isShort ? 'BytesMissing' : 'BytesLeftOver',
      `found ${size} bytes, expected ${expected} for ${type} (${shape.join(', ')}): it is ${isShort ? 'truncated' : 'overlong'}`,
    );
  }
  return { shape, type, dataStart };
}

function cutOff(size: number): NpyError {
  return new NpyError(
    'HeaderCutOff',
    `found ${size} bytes, expected a whole header: it is truncated`,
  );
}
