/** Starting and stopping the backend: its threads, its process, and what is left of it in tfjs. */

import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';

import { HeapError, startBackend } from '../../../training/backend/index.ts';
import { started } from './started.ts';

const backendFile = fileURLToPath(new URL('../../../training/backend/index.ts', import.meta.url));

test.each(['stopped', 'not stopped'])(
  'a process whose backend is %s ends by itself',
  async (how) => {
    const program = `
    import * as tf from '@tensorflow/tfjs';
    import { startBackend } from ${JSON.stringify(backendFile)};
    const backend = await startBackend({ threads: 3, relaxedSimd: true });
    const sum = tf.matMul(tf.ones([50, 60]), tf.ones([60, 70])).sum();
    console.log(backend.threads, sum.dataSync()[0]);
    ${how === 'stopped' ? 'await backend.stop();' : ''}`;
    const run = promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], {
      timeout: 60_000,
    });
    expect((await run).stdout).toContain(`3 ${50 * 60 * 70}`);
  },
);

test('more threads than cores compute the same', async () => {
  const backend = await started({ threads: 16, relaxedSimd: true });
  expect(backend.threads).toBe(16);
  const sum = tf.tidy(
    () =>
      tf
        .matMul(tf.ones([200, 300]), tf.ones([300, 400]))
        .sum()
        .dataSync()[0],
  );
  expect(sum).toBe(200 * 300 * 400);
});

test('`auto` takes a thread for each core', async () => {
  const backend = await started({ threads: 'auto', relaxedSimd: true });
  expect(backend.threads).toBe(availableParallelism());
});

test('works where the machine has many cores', async () => {
  const program = `
    import os from 'node:os';
    const core = os.cpus()[0];
    os.cpus = () => Array(16).fill(core);
    const tf = await import('@tensorflow/tfjs');
    const { startBackend } = await import(${JSON.stringify(backendFile)});
    const backend = await startBackend({ threads: 2, relaxedSimd: true });
    const image = tf.ones([1, 8, 8, 3]);
    const convolved = tf.conv2d(image, tf.ones([3, 3, 3, 2]), 1, 'valid').sum();
    console.log(convolved.dataSync()[0], tf.sigmoid(tf.zeros([1000])).sum().dataSync()[0]);
    await backend.stop();`;
  const run = promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], {
    timeout: 60_000,
  });
  expect((await run).stdout).toContain(`${6 * 6 * 2 * 27} 500`);
});

test('there is one backend at a time, and stopping it twice is stopping it once', async () => {
  const first = await started({ threads: 1, relaxedSimd: true });
  await expect(startBackend({ threads: 1, relaxedSimd: true })).rejects.toThrow('running already');
  await first.stop();
  await started({ threads: 1, relaxedSimd: true });
  await first.stop();
  expect(tf.getBackend()).toBe('wasm');
});

test.each([0, 1.5, Number.NaN])('%d threads are refused', async (threads) => {
  await expect(startBackend({ threads, relaxedSimd: true })).rejects.toThrow(
    'a whole number from 1',
  );
});

test('a heap that is full says so', async () => {
  await started({ threads: 1, relaxedSimd: true });
  expect(() => {
    for (let count = 0; count < 20; count++)
      tf.backend().write(null as never, [2 ** 26], 'float32');
  }).toThrow(HeapError);
});

test('starting and stopping leaves tfjs as it was', async () => {
  const before = tf.getKernelsForBackend('wasm').map((kernel) => kernel.kernelFunc);
  for (let round = 0; round < 3; round++) {
    const backend = await startBackend({ threads: 2, relaxedSimd: true });
    await backend.stop();
  }
  const after = tf.getKernelsForBackend('wasm').map((kernel) => kernel.kernelFunc);
  expect(new Set(after)).toEqual(new Set(before));
  expect(tf.getBackend()).toBe('cpu');
});
