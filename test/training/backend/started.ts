/** The backend for the length of one test. */

import * as tf from '@tensorflow/tfjs';
import { onTestFinished } from 'vitest';

import {
  type Backend,
  type BackendOptions,
  startBackend,
} from '../../../training/backend/index.ts';

/** Starts the backend and stops it after the test, unless the test did. */
export async function started(options: BackendOptions): Promise<Backend> {
  const backend = await startBackend(options);
  onTestFinished(() => backend.stop());
  return backend;
}

/** tfjs's backends that layers and optimizers must work on: ours, and one that knows none of our kernels. */
export const BACKENDS = ['wasm', 'cpu'] as const;

/** Makes one of them tfjs's current one until the end of the test. */
export async function use(name: (typeof BACKENDS)[number]): Promise<void> {
  if (name === 'wasm') await started({ threads: 2, relaxedSimd: true });
  else await tf.setBackend('cpu');
}
