/** Files of numbers, which NumPy has to read; they are collected, and read together at the end. */

import { createHash } from 'node:crypto';

import * as fc from 'fast-check';

import { encodeIdx } from '../../../src/encoders/idx.ts';
import { encodeNpy } from '../../../src/encoders/npy.ts';
import { serializeSafetensors } from '../../../src/weights/safetensors.ts';
import { hasNumpy, runPython } from '../../../test/foreign/numpy.ts';
import { type Subject, subject } from './subject.ts';

interface ArrayCase {
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

const arrayCases: fc.Arbitrary<ArrayCase> = fc
  .array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 4 })
  .chain((shape) => {
    const length = shape.reduce((product, size) => product * size, 1);
    return fc.uint8Array({ minLength: length, maxLength: length }).map((data) => ({ shape, data }));
  });

/** Each gives the array that is in a file. */
const READERS = {
  npy: 'numpy.load(io.BytesIO(file))',
  idx: "numpy.frombuffer(file, 'u1', -1, 4 + 4 * file[3]).reshape(numpy.frombuffer(file, '>u4', file[3], 4))",
  safetensors: 'tensor(file)',
} as const;

const PROGRAM = `
import hashlib, io, json, numpy, sys
def tensor(file):
    size = int.from_bytes(file[:8], 'little')
    about = json.loads(file[8:8 + size])['x']
    begin, end = about['data_offsets']
    return numpy.frombuffer(file[8 + size:][begin:end], 'i1').reshape(about['shape'])
sizes = json.loads(sys.stdin.buffer.readline())
read = []
for size in sizes:
    file = sys.stdin.buffer.read(size)
    array = READER
    read.append([list(array.shape), hashlib.sha256(array.tobytes()).hexdigest()])
print(json.dumps(read))
`;

const WRITERS: Readonly<Record<keyof typeof READERS, (array: ArrayCase) => Uint8Array>> = {
  npy: ({ shape, data }) => encodeNpy(shape, data),
  idx: ({ shape, data }) => encodeIdx(shape, data),
  safetensors: ({ shape, data }) =>
    serializeSafetensors([{ name: 'x', dtype: 'I8', shape, data: new Int8Array(data) }], {}),
};

export function arrays(): Subject[] {
  return Object.entries(WRITERS).map(([name, write]) => {
    const files: Uint8Array[] = [];
    const expected: [readonly number[], string][] = [];
    return subject(
      `${name}, written`,
      arrayCases,
      ({ shape, data }) => {
        files.push(write({ shape, data }));
        expected.push([shape, createHash('sha256').update(data).digest('hex')]);
      },
      () => {
        if (!hasNumpy) return;
        const found = readByNumpy(READERS[name as keyof typeof READERS], files);
        const wrong = expected.findIndex(
          (each, i) => JSON.stringify(each) !== JSON.stringify(found[i]),
        );
        if (wrong >= 0)
          throw new Error(`NumPy reads the shape ${found[wrong][0]} of ${expected[wrong][0]}`);
      },
    );
  });
}

function readByNumpy(reader: string, files: readonly Uint8Array[]): [number[], string][] {
  const sizes = Buffer.from(`${JSON.stringify(files.map(({ length }) => length))}\n`);
  const input = Buffer.concat([sizes, ...files]);
  const stdout = runPython(PROGRAM.replace('READER', reader), { input });
  return JSON.parse(stdout.toString()) as [number[], string][];
}
