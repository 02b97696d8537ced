/** NumPy's reader of .npy files. Tests skip what needs it if NumPy is not installed. */

import { spawnSync } from 'node:child_process';

const python = ['/usr/bin/python3', 'python3'].find(
  (command) => spawnSync(command, ['-c', 'import numpy']).status === 0,
);

/** Whether this machine has NumPy. */
export const hasNumpy = python !== undefined;
if (!hasNumpy) console.warn('Found no Python with NumPy, so tests that need it are skipped.');

export interface NumpyArray {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly isCOrder: boolean;
  /** In C order. */
  readonly data: Uint8Array;
}

const LOAD = `
import io, json, sys
import numpy
array = numpy.load(io.BytesIO(sys.stdin.buffer.read()))
about = {'dtype': array.dtype.str, 'shape': array.shape, 'isCOrder': array.flags.c_contiguous}
sys.stdout.buffer.write(json.dumps(about).encode() + b'\\n' + array.tobytes())
`;

/** What numpy.load makes of a file. @throws {Error} with NumPy's own words if it refuses the file */
export function loadNpy(file: Uint8Array): NumpyArray {
  if (python === undefined) throw new Error('found no Python with NumPy');
  const { status, stdout, stderr } = spawnSync(python, ['-c', LOAD], {
    input: file,
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(stderr.toString());
  const end = stdout.indexOf('\n');
  const about = JSON.parse(stdout.toString('utf8', 0, end)) as Omit<NumpyArray, 'data'>;
  return { ...about, data: new Uint8Array(stdout.subarray(end + 1)) };
}
