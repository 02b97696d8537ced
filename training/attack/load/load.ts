/**
 * Load: every route in turn, over 64 connections, against the Worker as it is deployed, in the Workers runtime. No error,
 * every answer a 200, level memory. Latencies are told, not judged: they depend on what else the machine does.
 */

import { type Runtime, startRuntime } from '../../bundle/runtime.ts';
import { bundle } from '../../bundle/worker.ts';
import type { Attack, Watch } from '../attack.ts';
import { growthOf } from '../memory.ts';
import { type Measured, wrk } from './wrk.ts';

const CONNECTIONS = 64;
/** The time is cut into so many parts, which are compared. */
const PARTS = 10;

/** Each route and format, as it is asked for most. */
const PATHS = [
  '/digit.png?seed=SEED',
  '/?seed=SEED',
  '/7.svg?seed=SEED&scale=4',
  '/digit/SEED.json',
  '/digit.txt?seed=SEED',
  '/digit.npy?seed=SEED',
  '/number/2024.png?seed=SEED',
  '/digits.png?seed=SEED&count=12',
  '/digits.json?seed=SEED&count=5',
  '/digits.idx?seed=SEED&count=20',
  '/walk.gif?from=SEED&to=b&frames=8',
  '/walk.png?from=SEED&to=c&frames=8',
  '/model?SEED',
  '/health?SEED',
  '/openapi.json?SEED',
  '/favicon.ico?SEED',
];

export const load: Attack = {
  cases: 'seconds',
  about: `seconds of load on all routes by wrk, at ${CONNECTIONS} connections`,
  preset: 600,
  async run(seed, count, watch) {
    const runtime = await startRuntime(await bundle());
    try {
      return await attack(runtime, seed, count, watch);
    } finally {
      await runtime.stop();
    }
  },
};

async function attack(runtime: Runtime, seed: string, count: number, watch: Watch) {
  const parts: Measured[] = [];
  const memory: (number | undefined)[] = [];
  for (let part = 0, done = 0; done < count; part++) {
    const seconds = Math.min(Math.ceil(count / PARTS), count - done);
    const asked = { url: runtime.url, paths: PATHS, seconds, connections: CONNECTIONS };
    const measured = await wrk({ ...asked, seed: `${seed}-${part}` });
    const { errors, refused } = measured;
    if (errors > 0) watch.found(`part ${part + 1}: ${errors} requests failed`);
    if (refused > 0) watch.found(`part ${part + 1}: ${refused} answers are neither 2xx nor 3xx`);
    parts.push(measured);
    memory.push(runtime.memoryBytes());
    watch.done((done += seconds));
  }
  const requests = parts.reduce((sum, part) => sum + part.requests, 0);
  const medians = parts.map(({ medianMs }) => medianMs.toFixed(0)).join(' ');
  const high = parts.map(({ highMs }) => highMs.toFixed(0)).join(' ');
  const latency = `in ${parts.length} parts half of the answers took ${medians} ms at most, 99 of 100 ${high}`;
  return `${requests} requests; ${latency}; ${growthOf(memory, watch)}.`;
}
