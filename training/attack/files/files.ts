/**
 * Files from strangers, and files for them: through every reader and every writer, half of the cases each. No crash, no
 * hang, no time or memory out of proportion, a named error or the right result. Not here: what the cases are.
 */

import { Worker } from 'node:worker_threads';

import type { Attack, Watch } from '../attack.ts';
import type { Order, Report } from './thread.ts';

const LOOK_EVERY_MS = 500;
/** A case that takes longer hangs. */
const MAX_SILENCE_MS = 180_000;

export const files: Attack = {
  cases: 'files',
  about:
    'mutated and invented files through every reader, and through other decoders what is written',
  preset: 200_000,
  async run(seed, count, watch) {
    const done = new Int32Array(new SharedArrayBuffer(4));
    const order: Order = { seed: Number(seed), count: Math.ceil(count / 2), done };
    const worker = new Worker(new URL('thread.ts', import.meta.url), { workerData: order });
    let [last, since] = [0, performance.now()];
    const tried: string[] = [];
    const timer = setInterval(() => {
      const cases = Atomics.load(done, 0);
      watch.done(Math.min(cases, count));
      if (cases > last) [last, since] = [cases, performance.now()];
      if (performance.now() - since < MAX_SILENCE_MS) return;
      watch.found(`${tried.at(-1)}: a case hangs`);
      void worker.terminate();
    }, LOOK_EVERY_MS);
    try {
      await ended(worker, tried, watch);
    } finally {
      clearInterval(timer);
    }
    watch.done(count);
    return `Tried: ${tried.join(', ')}.`;
  },
};

/** Waits for the thread; one that dies has been broken, too. */
function ended(worker: Worker, tried: string[], watch: Watch): Promise<void> {
  return new Promise((resolve) => {
    worker.on('message', ({ next, fault }: Report) => {
      if (next !== undefined) tried.push(next);
      if (fault !== undefined) watch.found(fault);
    });
    worker.on('error', (error) => watch.found(`${tried.at(-1)}: ${String(error)}`));
    worker.on('exit', () => resolve());
  });
}
