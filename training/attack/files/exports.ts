/** Generators as they are exported: NumPy reads the arrays, ONNX Runtime draws as we do. */

import { createHash } from 'node:crypto';

import * as fc from 'fast-check';
import * as ort from 'onnxruntime-web/wasm';

import { hasNumpy, runPython } from '../../../test/foreign/numpy.ts';
import { toNpz } from '../../export/npz.ts';
import { toOnnx } from '../../export/onnx.ts';
import type { FloatNetwork } from '../../quantization/float-file.ts';
import { runNetwork } from '../../quantization/float-network.ts';
import { type Subject, subject } from './subject.ts';

ort.env.wasm.numThreads = 1;

/** How far pixels in −1…1 may be off: additions in another order. */
const TOLERANCE = 1e-4;

const weight = fc.integer({ min: -1000, max: 1000 }).map((number) => number / 500);
const weights = (count: number): fc.Arbitrary<Float32Array> =>
  fc.array(weight, { minLength: count, maxLength: count }).map((all) => Float32Array.from(all));

const networks: fc.Arbitrary<FloatNetwork> = fc
  .record({
    sizes: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 2, maxLength: 4 }),
    leakyReluSlope: fc.constantFrom(0, 0.01, 0.2, 1),
  })
  .chain(({ sizes, leakyReluSlope }) =>
    fc
      .tuple(
        ...sizes.slice(1).map((outputs, i) =>
          fc.record({
            inputs: fc.constant(sizes[i]),
            outputs: fc.constant(outputs),
            weight: weights(sizes[i] * outputs),
            bias: weights(outputs),
          }),
        ),
      )
      .map((layers) => ({ kind: 'generator', layers, leakyReluSlope, classes: 0, metadata: {} })),
  );

/** For each archive, the hash of its arrays in the order of the layers. */
const PROGRAM = `
import hashlib, io, json, numpy, sys
sizes = json.loads(sys.stdin.buffer.readline())
read = []
for size in sizes:
    arrays = numpy.load(io.BytesIO(sys.stdin.buffer.read(size)))
    sha256 = hashlib.sha256()
    for layer in range(1, (len(arrays.files) - 2) // 2 + 1):
        weight, bias = arrays[f'dense_{layer}.weight'], arrays[f'dense_{layer}.bias']
        assert weight.shape[:1] == bias.shape
        sha256.update(weight.tobytes() + bias.tobytes())
    read.append([float(arrays['leakyReluSlope']), sha256.hexdigest()])
print(json.dumps(read))
`;

export function exported(): Subject[] {
  return [npz(), onnx()];
}

function npz(): Subject {
  const files: Uint8Array[] = [];
  const expected: unknown[] = [];
  return subject(
    'NPZ, exported',
    networks,
    (network) => {
      files.push(toNpz(network));
      const sha256 = createHash('sha256');
      for (const layer of network.layers) sha256.update(layer.weight).update(layer.bias);
      expected.push([network.leakyReluSlope, sha256.digest('hex')]);
    },
    () => {
      if (!hasNumpy) return;
      const sizes = Buffer.from(`${JSON.stringify(files.map(({ length }) => length))}\n`);
      const found = JSON.parse(
        runPython(PROGRAM, { input: Buffer.concat([sizes, ...files]) }).toString(),
      ) as unknown[];
      const wrong = expected.findIndex(
        (each, i) => JSON.stringify(each) !== JSON.stringify(found[i]),
      );
      if (wrong !== -1) throw new Error(`NumPy reads other numbers from archive ${wrong}`);
    },
  );
}

function onnx(): Subject {
  return subject('ONNX, exported', networks, async (network) => {
    const { inputs } = network.layers[0];
    const latent = Float32Array.from({ length: inputs }, (_, i) => Math.cos(i));
    const session = await ort.InferenceSession.create(toOnnx(network));
    const { pixels } = await session.run({ latent: new ort.Tensor(latent, [1, inputs]) });
    await session.release();
    const found = pixels.data as Float32Array;
    const off = runNetwork(network, latent).map((pixel, i) => Math.abs(pixel - found[i]));
    // Not greater: NaN is wrong, too.
    if (!off.every((each) => each <= TOLERANCE)) throw new Error(`found ${found.join(' ')}`);
  });
}
