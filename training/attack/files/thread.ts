/** Tries the cases in a thread of its own, which files.ts ends should one of them never come back. */

import { parentPort, workerData } from 'node:worker_threads';

import { readers } from './readers.ts';
import { faultOf, type Subject } from './subject.ts';
import { startDecoders, writers } from './writers.ts';

/** What the thread is started with. */
export interface Order {
  readonly seed: number;
  /** Of readers and of writers each, in all. */
  readonly count: number;
  /** How many cases are done. */
  readonly done: Int32Array;
}

/** What it reports: the subject that is next, or what is broken. */
export interface Report {
  readonly next?: string;
  readonly fault?: string;
}

const { seed, count, done } = workerData as Order;

function report(news: Report): void {
  parentPort?.postMessage(news);
}

async function attack(subjects: readonly Subject[]): Promise<void> {
  for (const [index, subject] of subjects.entries()) {
    report({ next: subject.name });
    const share = Math.floor((count * (index + 1)) / subjects.length);
    const cases = share - Math.floor((count * index) / subjects.length);
    if (cases === 0) continue;
    const fault = await faultOf(subject, seed, cases, () => Atomics.add(done, 0, 1));
    if (fault !== undefined) report({ fault });
  }
}

await startDecoders();
await attack(readers());
await attack(writers());
