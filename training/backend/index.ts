/**
 * tfjs's backend `wasm` on Node, at the speed of the machine: its threaded SIMD build, with a pool of threads and
 * kernels of this project's own. Usable for any dense network; it knows nothing of GANs, files or arguments.
 */

import { availableParallelism } from 'node:os';

import * as tf from '@tensorflow/tfjs';
import type { GradConfig, KernelConfig } from '@tensorflow/tfjs';

import { ThreadedBackend } from './backend.ts';
import { compileKernels, detectFeatures, type Features } from './engine.ts';
import { dropoutKernel } from './kernels/dropout.ts';
import { elementwiseKernels, gradients } from './kernels/elementwise.ts';
import { productKernels } from './kernels/product.ts';
import { locateTfjsFiles, plainKernels } from './plain.ts';
import { Pool } from './pool.ts';
import { loadTfjs } from './tfjs.ts';

export { FusedAdam } from './kernels/adam.ts';
export { dropout, dropoutMask, type DropoutKey } from './kernels/dropout.ts';
export { addDense, dense, glorotUniform } from './layers/dense.ts';
export { addDropout, dropoutKey } from './layers/dropout.ts';
export { addLeakyRelu } from './layers/leaky-relu.ts';
export { call, oneHot, variablesOf, type CallOptions } from './layers/model.ts';
export type { Random } from './layers/random.ts';
export { detectFeatures, type Features } from './engine.ts';
export { PoolError } from './pool.ts';

/** The priority that tfjs registers its WASM backend with. */
const TFJS_PRIORITY = 2;

type BackendFactory = ReturnType<typeof tf.findBackendFactory>;

export interface BackendOptions {
  /** Threads that compute, this one included; `auto` takes one for each core. */
  threads: number | 'auto';
  /** Whether fused multiply-add may be used where the engine has it: faster, and exact to one rounding less. */
  relaxedSimd: boolean;
  /** Whether products use tiles for wide registers: measured unless given. It never changes a result. */
  wide?: boolean;
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
  /** Ends the threads and leaves tfjs as it was before, on its `cpu` backend; tensors of this one are lost. */
  stop(): Promise<void>;
}

/** A gradient for tensors of this backend, and another for those of others. */
function onlyHere(ours: GradConfig, theirs: GradConfig): GradConfig {
  const chosen = (): GradConfig => (tf.backend() instanceof ThreadedBackend ? ours : theirs);
  return { ...theirs, gradFunc: (...call) => chosen().gradFunc(...call) };
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
    const theirs = replacedGradients[index];
    if (theirs) tf.unregisterGradient(gradient.kernelName);
    tf.registerGradient(theirs ? onlyHere(gradient, theirs) : gradient);
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

/** Whether tiles for wide registers pay, with fused multiply-add and without: measured once in a process. */
const measuredWide = new Map<boolean, boolean>();

async function startThreaded(
  threads: number,
  relaxedSimd: boolean,
  wide: boolean | undefined,
): Promise<Backend> {
  const kernels = compileKernels(relaxedSimd);
  const { module, memory } = await loadTfjs();
  const heap = { memory, allocate: (sizeBytes: number) => module._malloc(sizeBytes) };
  const pool = new Pool(kernels, heap, { threads, cores: availableParallelism() });
  const backend = new ThreadedBackend(module, pool, wide ?? measuredWide.get(relaxedSimd));
  measuredWide.set(relaxedSimd, backend.wide);
  const tfjsFactory = tf.findBackendFactory('wasm');
  tf.removeBackend('wasm');
  tf.registerBackend('wasm', () => backend, TFJS_PRIORITY);
  const putBack = replace([...productKernels, ...elementwiseKernels(), dropoutKernel], gradients);
  await select();
  return {
    threads,
    simd: true,
    relaxedSimd,
    wide: backend.wide,
    notes: [],
    stop: () => leave(putBack, tfjsFactory),
  };
}

async function startPlain(missing: string[], simd: boolean): Promise<Backend> {
  locateTfjsFiles();
  const tfjsFactory = tf.findBackendFactory('wasm');
  const putBack = replace(plainKernels(), []);
  await select();
  return {
    threads: 1,
    simd,
    relaxedSimd: false,
    wide: false,
    notes: [
      `This engine's WebAssembly has no ${missing.join(' and no ')}: ` +
        "training goes on with tfjs's own kernels on one thread, several times slower.",
    ],
    stop: () => leave(putBack, tfjsFactory),
  };
}

/** tfjs answers false, with a warning, where a backend cannot be had: training on another one is not what was asked. */
async function select(): Promise<void> {
  if (!(await tf.setBackend('wasm'))) throw new Error("tfjs's WASM backend did not start.");
}

/** Puts everything back, tfjs's own way to its WASM backend included. */
async function leave(putBack: () => void, tfjsFactory: BackendFactory): Promise<void> {
  await tf.setBackend('cpu');
  tf.removeBackend('wasm');
  putBack();
  tf.registerBackend('wasm', tfjsFactory, TFJS_PRIORITY);
}

let running = false;

/**
 * Registers the backend `wasm` and makes it tfjs's current one. There is one at a time.
 * @throws RangeError where `threads` is no whole number from 1
 */
export async function startBackend(options: BackendOptions): Promise<Backend> {
  if (running) throw new Error('The training backend is running already: stop it first.');
  const threads = options.threads === 'auto' ? availableParallelism() : options.threads;
  if (!Number.isInteger(threads) || threads < 1) {
    throw new RangeError(`threads: found ${threads}, expected a whole number from 1.`);
  }
  const features = options.features ?? detectFeatures();
  const missing = [!features.simd && 'SIMD', !features.threads && 'threads'].filter(
    (name): name is string => typeof name === 'string',
  );
  const backend =
    missing.length > 0
      ? await startPlain(missing, features.simd)
      : await startThreaded(threads, options.relaxedSimd && features.relaxedSimd, options.wide);
  running = true;
  return {
    ...backend,
    stop: async () => {
      if (running) await backend.stop();
      running = false;
    },
  };
}
