/** The pool of threads: it ends with its process, works beyond the number of cores, and never hangs. */

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Worker } from 'node:worker_threads';

import * as tf from '@tensorflow/tfjs';
import { afterEach, expect, test } from 'vitest';

import { compileKernels } from '../../../training/backend/compile.ts';
import { type Backend, PoolError, startBackend } from '../../../training/backend/index.ts';
import { Pool } from '../../../training/backend/pool.ts';
import { MULTIPLY } from '../../../training/backend/wasm/abi.ts';

const backendFile = fileURLToPath(new URL('../../../training/backend/index.ts', import.meta.url));

/** How long these pools wait for a thread. */
const PATIENCE_MS = 500;

let backend: Backend | undefined;
afterEach(async () => {
  await backend?.stop();
  backend = undefined;
});

/** Node tells of new threads a turn later. */
function turn(): Promise<unknown> {
  return new Promise(setImmediate);
}

/** A pool on a heap of its own, and the threads that it started. */
async function makePool(threads: number): Promise<{ pool: Pool; helpers: Worker[] }> {
  await turn();
  const helpers: Worker[] = [];
  const remember = (worker: Worker): number => helpers.push(worker);
  process.on('worker', remember);
  const memory = new WebAssembly.Memory({ initial: 4, maximum: 65_536, shared: true });
  const heap = { memory, allocate: () => 65_536 };
  const pool = new Pool(compileKernels(false), heap, {
    threads,
    cores: threads,
    patienceMs: PATIENCE_MS,
  });
  await turn();
  process.off('worker', remember);
  expect(helpers).toHaveLength(threads - 1);
  return { pool, helpers };
}

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
  backend = await startBackend({ threads: 16, relaxedSimd: true });
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

test('threads are as many as the machine has cores unless said otherwise', async () => {
  backend = await startBackend({ threads: 'auto', relaxedSimd: true });
  const { availableParallelism } = await import('node:os');
  expect(backend.threads).toBe(availableParallelism());
});

test('a task that traps ends with a message', async () => {
  const { pool } = await makePool(2);
  expect(() => pool.run(99, 1e6)).toThrow(PoolError);
  expect(() => pool.run(99, 1e6)).toThrow(/thread of the training backend died \(/);
});

test('a thread that died before a task ends the task with a message', async () => {
  const { pool, helpers } = await makePool(3);
  await helpers[1]?.terminate();
  expect(() => pool.run(MULTIPLY, 1e6)).toThrow(PoolError);
});

test('a thread that never answers ends the task with a message', async () => {
  const { pool, helpers } = await makePool(2);
  // Not awaited: the pool hears of it only after the task, which must not wait for ever.
  void helpers[0]?.terminate();
  expect(() => {
    for (let task = 0; task < 3; task++) pool.run(MULTIPLY, 1e6);
  }).toThrow(PoolError);
});

test('a pool whose thread has died refuses at once, and ends without a stack trace', async () => {
  const { pool, helpers } = await makePool(2);
  await helpers[0]?.terminate();
  const startedMs = performance.now();
  for (const work of [1, 1e6]) expect(() => pool.run(MULTIPLY, work)).toThrow(PoolError);
  expect(performance.now() - startedMs).toBeLessThan(PATIENCE_MS);
  pool.stop();
  await turn();
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
  backend = await startBackend({ threads: 1, relaxedSimd: true });
  await expect(startBackend({ threads: 1, relaxedSimd: true })).rejects.toThrow('running already');
  await backend.stop();
  await backend.stop();
  backend = await startBackend({ threads: 1, relaxedSimd: true });
  expect(tf.getBackend()).toBe('wasm');
});

test.each([0, 1.5, Number.NaN])('%d threads are refused', async (threads) => {
  await expect(startBackend({ threads, relaxedSimd: true })).rejects.toThrow(
    'a whole number from 1',
  );
});

test('a heap that is full says so', async () => {
  backend = await startBackend({ threads: 1, relaxedSimd: true });
  expect(() => {
    for (let count = 0; count < 20; count++)
      tf.backend().write(null as never, [2 ** 26], 'float32');
  }).toThrow('heap of 4 GiB');
});

test('starting and stopping leaves tfjs as it was', async () => {
  const before = tf.getKernelsForBackend('wasm').map((kernel) => kernel.kernelFunc);
  for (let round = 0; round < 3; round++) {
    const started = await startBackend({ threads: 2, relaxedSimd: true });
    await started.stop();
  }
  const after = tf.getKernelsForBackend('wasm').map((kernel) => kernel.kernelFunc);
  expect(new Set(after)).toEqual(new Set(before));
  expect(tf.getBackend()).toBe('cpu');
});
