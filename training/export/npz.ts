/**
 * NumPy's archive of arrays, .npz: a ZIP of a .npy file for each array
 * (https://numpy.org/doc/stable/reference/generated/numpy.savez.html). Arrays keep the names and shapes of the
 * safetensors file; beside them are `leakyReluSlope` and `classes`, so that the file is enough to run the network.
 */

import { zipSync } from 'fflate';

import { concatenate } from '../../src/encoders/bytes.ts';
import { npyHeader } from '../../src/encoders/npy.ts';
import type { FloatNetwork } from '../quantization/float-file.ts';

/** ZIP has dates from 1980 on. The same network gives the same bytes. */
const NO_DATE = new Date(1980, 0, 1);

/** @returns the bytes of a file for `numpy.load` */
export function toNpz({ layers, leakyReluSlope, classes }: FloatNetwork): Uint8Array {
  const files: Record<string, Uint8Array> = {
    'leakyReluSlope.npy': npyOf('<f8', [], Float64Array.of(leakyReluSlope)),
    'classes.npy': npyOf('<i4', [], Int32Array.of(classes)),
  };
  for (const [index, { inputs, outputs, weight, bias }] of layers.entries()) {
    files[`dense_${index + 1}.weight.npy`] = npyOf('<f4', [outputs, inputs], weight);
    files[`dense_${index + 1}.bias.npy`] = npyOf('<f4', [outputs], bias);
  }
  // Stored, as NumPy does: weights hardly compress.
  return zipSync(files, { level: 0, mtime: NO_DATE });
}

/** All platforms that Node runs on are little-endian. */
function npyOf(
  type: string,
  shape: readonly number[],
  { buffer, byteOffset, byteLength }: Float32Array | Float64Array | Int32Array,
): Uint8Array {
  return concatenate([npyHeader(shape, type), new Uint8Array(buffer, byteOffset, byteLength)]);
}
