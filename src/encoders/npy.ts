/**
 * NumPy's files of bytes: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 * Not here: other types of numbers, Fortran's order, reading.
 */

import { checkShape, concatenate, latin1 } from './bytes.ts';

/** Version 1.0: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html#format-version-1-0 */
const MAGIC = Uint8Array.of(0x93, ...latin1('NUMPY'), 1, 0);
/** Magic and header together are a multiple of it. */
const ALIGNMENT_BYTES = 64;

/**
 * A whole file.
 * @param data C order: the last index changes fastest
 * @throws {RangeError} if there is not as much data as the shape says
 */
export function encodeNpy(shape: readonly number[], data: Uint8Array): Uint8Array {
  checkShape(shape, data);
  return concatenate([npyHeader(shape), data]);
}

/** What comes before the data, for those who send that piece by piece. */
export function npyHeader(shape: readonly number[]): Uint8Array {
  // Python writes a tuple of one with a comma at the end.
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const dictionary = `{'descr': '|u1', 'fortran_order': False, 'shape': (${tuple}), }`;
  // Magic, the header's length in two bytes, the lower one first, and the newline at its end.
  const bytes = MAGIC.length + 2 + dictionary.length + 1;
  const padding = -bytes & (ALIGNMENT_BYTES - 1);
  const length = dictionary.length + padding + 1;
  return concatenate([
    MAGIC,
    Uint8Array.of(length & 0xff, length >>> 8),
    latin1(`${dictionary}${' '.repeat(padding)}\n`),
  ]);
}
