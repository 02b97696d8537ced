/** The pool of threads when one of them dies: it says so, and never hangs. */

import type { Worker } from 'node:worker_threads';

import { expect, test } from 'vitest';

import { compileKernels } from '../../../training/backend/compile.ts';
import { Pool, PoolError } from '../../../training/backend/pool.ts';
import { CONTROL_WORDS, GENERATION, MULTIPLY } from '../../../training/backend/wasm/abi.ts';

/** How long these pools wait for a thread. */
const PATIENCE_MS = 500;
const CONTROL_ADDRESS = 65_536;

/** Node emits its event of a new thread one turn of the event loop later. */
function turn(): Promise<unknown> {
  return new Promise(setImmediate);
}

/** A pool on a heap of its own, and its helper threads. */
async function makePool(
  threads: number,
): Promise<{ pool: Pool; helpers: Worker[]; control: Int32Array }> {
  await turn();
  const helpers: Worker[] = [];
  const remember = (worker: Worker): number => helpers.push(worker);
  process.on('worker', remember);
  const memory = new WebAssembly.Memory({ initial: 4, maximum: 65_536, shared: true });
  const heap = { memory, allocate: () => CONTROL_ADDRESS };
  const pool = new Pool(compileKernels(false, true), heap, {
    threads,
    cores: threads,
    patienceMs: PATIENCE_MS,
  });
  await turn();
  process.off('worker', remember);
  expect(helpers).toHaveLength(threads - 1);
  const control = new Int32Array(memory.buffer, CONTROL_ADDRESS, CONTROL_WORDS);
  return { pool, helpers, control };
}

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
  // Not awaited: the pool only hears of it after the task, which must not wait for ever.
  void helpers[0]?.terminate();
  expect(() => {
    for (let task = 0; task < 3; task++) pool.run(MULTIPLY, 1e6);
  }).toThrow(PoolError);
});

test('a pool whose thread has died announces no task, and ends without a stack trace', async () => {
  const { pool, helpers, control } = await makePool(2);
  await helpers[0]?.terminate();
  const generation = control[GENERATION];
  for (const work of [1, 1e6]) expect(() => pool.run(MULTIPLY, work)).toThrow(PoolError);
  expect(control[GENERATION]).toBe(generation);
  pool.stop();
  await turn();
});
