// tfjs's backend `wasm` on Node, at the speed of the machine: its threaded SIMD build, with a pool of threads and
// kernels of this project's own. Usable for any dense network; it knows nothing of GANs, files or arguments.

import { availableParallelism } from 'node:os';

import * as tf from '@tensorflow/tfjs';
import type { GradConfig, KernelConfig } from '@tensorflow/tfjs';

import { ThreadedBackend } from './backend.ts';
import { elementwiseKernels, gradients } from './elementwise.ts';
import { compileKernels, detectFeatures, type Features } from './kernels.ts';
import { locateTfjsFiles, plainKernels } from './plain.ts';
import { Pool } from './pool.ts';
import { productKernels } from './products.ts';
import { loadTfjs } from './tfjs.ts';

export { FusedAdam } from './adam.ts';
export { detectFeatures, type Features } from './kernels.ts';
export { PoolError } from './pool.ts';

export interface BackendOptions {
  /** Threads that compute, this one included; `auto` takes one for each core. */
  threads: number | 'auto';
  /** Whether fused multiply-add may be used where the engine has it: faster, and exact to one rounding less. */
  relaxedSimd: boolean;
  /** What the engine can do; asked of the engine unless given. */
  features?: Features;
}

export interface Backend {
  threads: number;
  simd: boolean;
  relaxedSimd: boolean;
  /** Whether products use tiles for 256-bit registers (or for 32 registers of 128 bits). */
  wide: boolean;
  /** What is missing, in sentences for the user. */
  notes: string[];
  /** Ends the threads, and leaves tfjs as it was before, on its `cpu` backend. */
  stop(): Promise<void>;
}

/** Registers kernels and gradients in place of others of the same names; the answer puts those back. */
function replace(kernels: KernelConfig[], ownGradients: GradConfig[]): () => void {
  const registered = new Map(tf.getKernelsForBackend('wasm').map((k) => [k.kernelName, k]));
  const replacedKernels = kernels.map(({ kernelName }) => registered.get(kernelName));
  const replacedGradients = ownGradients.map(({ kernelName }) => tf.getGradient(kernelName));
  for (const kernel of kernels) {
    if (registered.has(kernel.kernelName)) tf.unregisterKernel(kernel.kernelName, 'wasm');
    tf.registerKernel(kernel);
  }
  for (const [index, gradient] of ownGradients.entries()) {
    if (replacedGradients[index]) tf.unregisterGradient(gradient.kernelName);
    tf.registerGradient(gradient);
  }
  return () => {
    for (const [index, kernel] of kernels.entries()) {
      tf.unregisterKernel(kernel.kernelName, 'wasm');
      if (replacedKernels[index]) tf.registerKernel(replacedKernels[index]);
    }
    for (const [index, gradient] of ownGradients.entries()) {
      tf.unregisterGradient(gradient.kernelName);
      if (replacedGradients[index]) tf.registerGradient(replacedGradients[index]);
    }
  };
}

async function startThreaded(threads: number, relaxedSimd: boolean): Promise<Backend> {
  const kernels = compileKernels(relaxedSimd);
  const { module, memory } = await loadTfjs();
  const heap = { memory, allocate: (sizeBytes: number) => module._malloc(sizeBytes) >>> 0 };
  const pool = new Pool(kernels, heap, threads, availableParallelism());
  const putBack = replace([...productKernels, ...elementwiseKernels()], gradients);
  let backend: ThreadedBackend | undefined;
  tf.removeBackend('wasm');
  tf.registerBackend('wasm', () => (backend = new ThreadedBackend(module, pool)), 3);
  await tf.setBackend('wasm');
  return {
    threads,
    simd: true,
    relaxedSimd,
    wide: backend?.wide ?? false,
    notes: [],
    stop: () => leave(putBack),
  };
}

async function startPlain(missing: string[]): Promise<Backend> {
  locateTfjsFiles();
  const putBack = replace(plainKernels(), []);
  await tf.setBackend('wasm');
  return {
    threads: 1,
    simd: false,
    relaxedSimd: false,
    wide: false,
    notes: [
      `This engine's WebAssembly has no ${missing.join(' and no ')}: ` +
        "training goes on with tfjs's own kernels on one thread, several times slower.",
    ],
    stop: () => leave(putBack),
  };
}

async function leave(putBack: () => void): Promise<void> {
  await tf.setBackend('cpu');
  tf.removeBackend('wasm');
  putBack();
}

/** Registers the backend `wasm` and makes it tfjs's current one. `threads` must be a whole number from 1. */
export async function startBackend(options: BackendOptions): Promise<Backend> {
  const features = options.features ?? detectFeatures();
  const missing = [!features.simd && 'SIMD', !features.threads && 'threads'].filter(
    (name): name is string => typeof name === 'string',
  );
  if (missing.length > 0) return startPlain(missing);
  const threads = options.threads === 'auto' ? availableParallelism() : options.threads;
  return startThreaded(threads, options.relaxedSimd && features.relaxedSimd);
}
