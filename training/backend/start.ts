/** Starts the backend and makes it tfjs's current one; stopping it leaves tfjs as it was. */

import { availableParallelism } from 'node:os';

import * as tf from '@tensorflow/tfjs';

import { ThreadedBackend } from './backend.ts';
import { compileKernels } from './compile.ts';
import { fallbackKernels, locateTfjsFiles } from './fallback.ts';
import { detectFeatures, type Features } from './features.ts';
import { gradients, kernels } from './kernels/index.ts';
import { Pool } from './pool.ts';
import { replace } from './registry.ts';
import { loadTfjs } from './tfjs.ts';
import { wideTilesPay } from './tile-width.ts';

/** The priority that tfjs registers its WASM backend with. */
const TFJS_PRIORITY = 2;

type BackendFactory = ReturnType<typeof tf.findBackendFactory>;

export interface BackendOptions {
  /** Threads that compute, the calling one included; `auto` takes one for each core. */
  readonly threads: number | 'auto';
  /** Whether to use fused multiply-add where the engine has it: faster, and with one rounding less. */
  readonly relaxedSimd: boolean;
  /** Whether products use tiles for wide registers: measured unless given. It never changes a result. */
  readonly wide?: boolean;
  /**
   * Whether to set V8's flag `--experimental-wasm-revectorize`, which holds for the whole process: unless false. It never
   * changes a result.
   */
  readonly revectorize?: boolean;
  /** What the engine can do: detected unless given. */
  readonly features?: Features;
}

export interface Backend {
  readonly threads: number;
  readonly simd: boolean;
  readonly relaxedSimd: boolean;
  /** Whether products use tiles for registers of 256 bits (or for 32 registers of 128 bits). */
  readonly wide: boolean;
  /** What is missing, in sentences for the user. */
  readonly notes: readonly string[];
  /** Ends the threads and leaves tfjs as it was before, on its `cpu` backend; this backend's tensors are lost. */
  stop(): Promise<void>;
}

let running = false;

/**
 * Registers the backend `wasm` and makes it tfjs's current one. Only one can run at a time.
 * @throws RangeError if `threads` is not a whole number from 1
 */
export async function startBackend(options: BackendOptions): Promise<Backend> {
  if (running) throw new Error('The training backend is running already: stop it first.');
  const threads = options.threads === 'auto' ? availableParallelism() : options.threads;
  if (!Number.isInteger(threads) || threads < 1) {
    throw new RangeError(`threads: found ${threads}, expected a whole number from 1.`);
  }
  const features = options.features ?? detectFeatures();
  const backend =
    features.simd && features.threads
      ? await startThreaded(threads, options.relaxedSimd && features.relaxedSimd, options)
      : await startFallback(features);
  running = true;
  let stopped = false;
  return {
    ...backend,
    stop: async () => {
      if (stopped) return;
      stopped = true;
      await backend.stop();
      running = false;
    },
  };
}

async function startThreaded(
  threads: number,
  relaxedSimd: boolean,
  { wide, revectorize = true }: Pick<BackendOptions, 'wide' | 'revectorize'>,
): Promise<Backend> {
  const compiled = compileKernels(relaxedSimd, revectorize);
  const { module, memory } = await loadTfjs();
  const heap = { memory, allocate: (sizeBytes: number) => module._malloc(sizeBytes) };
  const pool = new Pool(compiled, heap, { threads, cores: availableParallelism() });
  const backend = new ThreadedBackend(module, pool);
  backend.wide = wide ?? wideTilesPay(backend, relaxedSimd);
  const tfjsFactory = tf.findBackendFactory('wasm');
  tf.removeBackend('wasm');
  tf.registerBackend('wasm', () => backend, TFJS_PRIORITY);
  const putBack = replace(kernels(), gradients);
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

async function startFallback({ simd, threads }: Features): Promise<Backend> {
  locateTfjsFiles();
  const tfjsFactory = tf.findBackendFactory('wasm');
  const putBack = replace(fallbackKernels(), []);
  await select();
  const missing = [...(simd ? [] : ['SIMD']), ...(threads ? [] : ['threads'])];
  return {
    threads: 1,
    simd,
    relaxedSimd: false,
    wide: false,
    notes: [
      `This engine's WebAssembly has no ${missing.join(' and no ')}: ` +
        "training uses tfjs's own kernels on one thread, which is several times slower.",
    ],
    stop: () => leave(putBack, tfjsFactory),
  };
}

/** If a backend does not start, tfjs warns and goes on with another one, which is not what was asked for. */
async function select(): Promise<void> {
  if (!(await tf.setBackend('wasm'))) throw new Error("tfjs's WASM backend did not start.");
}

/** Puts everything back, including tfjs's own way to its WASM backend. */
async function leave(putBack: () => void, tfjsFactory: BackendFactory): Promise<void> {
  await tf.setBackend('cpu');
  tf.removeBackend('wasm');
  putBack();
  tf.registerBackend('wasm', tfjsFactory, TFJS_PRIORITY);
}
