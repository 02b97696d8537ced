/** The thread that writes checkpoints (checkpoint-writer.ts): checks, hashes and writes what it is given, one by one. */

import { parentPort, workerData } from 'node:worker_threads';

import { DiskFullError, Failure, isSystemError } from '../cli/failure.ts';
import type { Answer, Task, ThreadData } from './checkpoint-writer.ts';
import { writeCheckpoint } from './checkpoint.ts';
import { NotFiniteError } from './not-finite.ts';

const { memory } = workerData as ThreadData;
parentPort?.on('message', (task: Task) => parentPort?.postMessage(answerTo(task)));

function answerTo({ folder, state, tensors }: Task): Answer {
  try {
    const views = tensors.map(({ name, shape, offset, size }) => {
      const data = new Float32Array(memory, offset, size);
      return { name, dtype: 'F32', shape, data } as const;
    });
    return { path: writeCheckpoint(folder, views, state) };
  } catch (error) {
    const { message, stack = message } = error as Error;
    if (error instanceof NotFiniteError) return { failure: 'NotFinite', message };
    if (error instanceof DiskFullError) return { failure: 'DiskFull', message };
    if (error instanceof Failure || isSystemError(error)) return { failure: 'Failure', message };
    return { failure: 'Bug', message: stack };
  }
}
