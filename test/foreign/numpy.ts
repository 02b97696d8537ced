/** NumPy: its readers of .npy and .npz files, and Python that uses it. Tests skip what needs it where it is missing. */

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

/** What a program in Python writes. @throws {Error} with Python's own words if it fails */
export function runPython(
  program: string,
  { input, cwd }: { input?: Uint8Array; cwd?: string } = {},
): Buffer {
  if (python === undefined) throw new Error('found no Python with NumPy');
  const { status, stdout, stderr } = spawnSync(python, ['-c', program], {
    ...(input && { input }),
    ...(cwd !== undefined && { cwd }),
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(stderr.toString());
  return stdout;
}

/** What numpy.load makes of a file. @throws {Error} with NumPy's own words if it refuses the file */
export function loadNpy(file: Uint8Array): NumpyArray {
  const stdout = runPython(LOAD, { input: file });
  const end = stdout.indexOf('\n');
  const about = JSON.parse(stdout.toString('utf8', 0, end)) as Omit<NumpyArray, 'data'>;
  return { ...about, data: new Uint8Array(stdout.subarray(end + 1)) };
}
