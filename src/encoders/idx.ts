/**
 * IDX files, written and read: the format of MNIST (http://yann.lecun.com/exdb/mnist/, at the end of the page).
 *
 * A file is a magic number (two zeros, the type of its numbers, how many dimensions there are), the size
 * of each dimension in 32 bits, big-endian, and the numbers, of which the last index changes fastest.
 * Files are taken as hostile: their length must be what the header says. Numbers are unsigned bytes; read are also
 * QMNIST's labels, rows of 32-bit numbers.
 */

import { checkShape, concatenate } from './bytes.ts';

/** The third byte of the magic number; the fourth is the number of dimensions. */
const UNSIGNED_BYTES = 0x08;
const INTEGERS = 0x0c;
const INTEGER_BYTES = 4;

export interface IdxArray {
  /** (count, rows, columns) of images, (count) of labels. */
  readonly shape: readonly number[];
  /** A view of the file's bytes. */
  readonly data: Uint8Array;
}

/** What is wrong with a file, one code for each corruption. */
export type IdxErrorCode =
  | 'HeaderCutOff'
  | 'NotIdx'
  | 'UnknownType'
  | 'WrongRank'
  | 'BytesMissing'
  | 'BytesLeftOver';

export class IdxError extends Error {
  override readonly name = 'IdxError';
  readonly code: IdxErrorCode;

  constructor(code: IdxErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * The shape and the bytes of a file; nothing is copied.
 *
 * @param rank the number of dimensions that are expected: 3 for images, 1 for labels
 * @throws {IdxError} whose `code` names the corruption
 */
export function parseIdx(file: Uint8Array, rank: number): IdxArray {
  const shape = idxShape(file, file.length, rank);
  return { shape, data: file.subarray(headerBytesOf(rank)) };
}

/**
 * The shape of a file of which only the start is there yet.
 *
 * @param start at least the header
 * @param size of the whole file, in bytes
 * @throws {IdxError} as {@link parseIdx}
 */
export function idxShape(start: Uint8Array, size: number, rank: number): number[] {
  return shapeOf(start, size, { rank, type: UNSIGNED_BYTES, numberBytes: 1 });
}

/**
 * The label of each image: of a file of bytes, or of one of rows of 32-bit numbers, whose first it is
 * (https://github.com/facebookresearch/qmnist#the-extended-mnist-labels).
 *
 * @throws {IdxError} as {@link parseIdx}
 */
export function parseIdxLabels(file: Uint8Array): ArrayLike<number> {
  if (file[2] !== INTEGERS) return parseIdx(file, 1).data;
  const kind = { rank: 2, type: INTEGERS, numberBytes: INTEGER_BYTES };
  const [count, columns] = shapeOf(file, file.length, kind);
  if (columns === 0) throw new IdxError('WrongRank', 'found rows without a number, expected some');
  const view = new DataView(file.buffer, file.byteOffset + headerBytesOf(2));
  return Array.from({ length: count }, (_, row) => view.getInt32(row * columns * INTEGER_BYTES));
}

interface Kind {
  readonly rank: number;
  readonly type: number;
  readonly numberBytes: number;
}

function shapeOf(start: Uint8Array, size: number, { rank, type, numberBytes }: Kind): number[] {
  const headerBytes = headerBytesOf(rank);
  if (start.length < headerBytes) {
    throw new IdxError(
      'HeaderCutOff',
      `found ${size} bytes, expected a header of ${headerBytes}: it is truncated`,
    );
  }
  checkMagic(start, Uint8Array.of(0, 0, type, rank));
  const view = new DataView(start.buffer, start.byteOffset, headerBytes);
  const shape = Array.from({ length: rank }, (_, index) => view.getUint32(4 + 4 * index));
  const expected = shape.reduce((product, length) => product * length, numberBytes) + headerBytes;
  if (size !== expected) {
    const isShort = size < expected;
    throw new IdxError(
      isShort ? 'BytesMissing' : 'BytesLeftOver',
      `found ${size} bytes, expected ${expected} for ${shape.join(' × ')}: it is ${isShort ? 'truncated' : 'overlong'}`,
    );
  }
  return shape;
}

function checkMagic(file: Uint8Array, expected: Uint8Array): void {
  const wrong = expected.findIndex((byte, index) => file[index] !== byte);
  if (wrong === -1) return;
  const codes = ['NotIdx', 'NotIdx', 'UnknownType', 'WrongRank'] as const;
  throw new IdxError(
    codes[wrong],
    `found magic number ${hexOf(file.subarray(0, 4))}, expected ${hexOf(expected)}`,
  );
}

function hexOf(bytes: Uint8Array): string {
  return `0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/**
 * A whole file: of images if the shape is (count, rows, columns), of labels if it is (count).
 *
 * @param data in C order: the last index changes fastest
 * @throws {RangeError} if the shape asks for more or fewer bytes than there are
 */
export function encodeIdx(shape: readonly number[], data: Uint8Array): Uint8Array {
  checkShape(shape, data);
  return concatenate([idxHeader(shape), data]);
}

/**
 * All that comes before the data, for callers that write the data piece by piece.
 * @param shape 1 … 255 sizes, each at most 2³² − 1
 */
export function idxHeader(shape: readonly number[]): Uint8Array {
  const header = new Uint8Array(headerBytesOf(shape.length));
  const view = new DataView(header.buffer);
  header.set([0, 0, UNSIGNED_BYTES, shape.length]);
  for (const [index, size] of shape.entries()) view.setUint32(4 + 4 * index, size);
  return header;
}

const headerBytesOf = (rank: number): number => 4 + 4 * rank;
