/**
 * NumPy's files, .npy: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 *
 * Not here: data other than unsigned bytes (the header knows them), Fortran order, reading.
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
