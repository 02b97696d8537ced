/** What a helper thread of the pool runs: task after task, until the pool ends. */

import { workerData } from 'node:worker_threads';

import { instantiateKernels } from './compile.ts';
import type { HelperData } from './pool.ts';

const { kernels, memory, controlAddress, thread } = workerData as HelperData;
const instance = instantiateKernels(kernels, memory);
instance.bind(controlAddress);
try {
  instance.help(thread);
} catch (error) {
  // The others wait for this thread at a barrier: wake them, so that the run ends with a message.
  instance.endPool(true);
  throw error;
}
