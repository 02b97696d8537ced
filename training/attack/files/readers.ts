/** Everything that reads files of strangers, with real files that are mutated and files that never were any. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { encodeIdx, IdxError, parseIdx } from '../../../src/encoders/idx.ts';
import { createModel } from '../../../src/weights/model.ts';
import { PackedError } from '../../../src/weights/packed.ts';
import {
  parseSafetensors,
  SafetensorsError,
  serializeSafetensors,
} from '../../../src/weights/safetensors.ts';
import { loadKernel } from '../../bundle/engine.ts';
import { NetworkError, readNetwork } from '../../bundle/network.ts';
import { type Checkpoint, newestCheckpoint } from '../../gan/checkpoint.ts';
import { FloatFileError, parseNetwork } from '../../quantization/float-file.ts';
import { dataReaders } from './data-readers.ts';
import { strange } from './mutations.ts';
import { type RealFiles, realFiles } from './real-files.ts';
import { refusedOr, requireSame, type Subject, subject } from './subject.ts';

export function readers(files: RealFiles = realFiles()): Subject[] {
  const { generator, float, packed, checkpoint, images, labels } = files;
  return [
    subject('safetensors', strange(generator, float, checkpoint), (file) =>
      refusedOr([SafetensorsError], () => {
        const { tensors, metadata } = parseSafetensors(file);
        const copies = Array.from(tensors, ([name, { dtype, shape, data }]) => ({
          name,
          dtype,
          shape,
          data: new Int8Array(data),
        }));
        const again = parseSafetensors(serializeSafetensors(copies, metadata));
        for (const [name, { data }] of tensors) {
          requireSame(name, again.tensors.get(name)!.data, data);
        }
      }),
    ),
    subject('int8 weights', strange(generator), (file) =>
      refusedOr([NetworkError, SafetensorsError], () => void readNetwork(file)),
    ),
    subject('float weights', strange(float), (file) =>
      refusedOr([FloatFileError], () => void parseNetwork(file)),
    ),
    packedModels(packed),
    checkpoints(checkpoint),
    subject('IDX', strange(images, labels), async (file) => {
      for (const rank of [1, 3]) {
        await refusedOr([IdxError], () => {
          const { shape, data } = parseIdx(file, rank);
          requireSame('written again', encodeIdx(shape, data), file);
        });
      }
    }),
    ...dataReaders(files),
  ];
}

/** Loaded as by the library: what is no model is refused, everything else draws. */
function packedModels(packed: Uint8Array): Subject {
  const kernel = loadKernel();
  return subject('packed model', strange(packed), (file) =>
    refusedOr([SafetensorsError, PackedError], () => {
      const { pixels } = createModel(kernel, file).sampler.digit('a');
      if (pixels.length === 0) throw new Error('it draws nothing');
    }),
  );
}

/** In a folder of its own; a checkpoint has a hash, so it is the real one or none. */
function checkpoints(real: Uint8Array): Subject {
  const folder = mkdtempSync(join(tmpdir(), 'attack-'));
  const path = join(folder, 'step-000000001.safetensors');
  const read = (file: Uint8Array): Checkpoint | undefined => {
    writeFileSync(path, file);
    return newestCheckpoint(folder).checkpoint;
  };
  const expected = JSON.stringify(read(real));
  return subject(
    'checkpoint',
    strange(real),
    (file) => {
      const found = read(file);
      if (found && JSON.stringify(found) !== expected) throw new Error('it reads another one');
    },
    () => rmSync(folder, { recursive: true }),
  );
}
