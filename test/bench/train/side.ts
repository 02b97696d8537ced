/** One side of `bench:train`, in a process of its own: takes steps on request and answers how long each took. */

import * as tf from '@tensorflow/tfjs';

import { Random } from '../../../src/sampler/random.ts';
import { locateTfjsFiles } from '../../../training/backend/fallback.ts';
import {
  DEFAULT_BETA2,
  DEFAULT_EPSILON,
  FusedAdam,
  startBackend,
} from '../../../training/backend/index.ts';
import { readDataset } from '../../../training/data/read.ts';
import { buildGan, type Gan, recipeSizes } from '../../../training/gan/networks.ts';
import { DEFAULTS } from '../../../training/gan/recipe.ts';
import { step } from '../../../training/gan/step.ts';
import type { Trainer } from '../../../training/gan/trainer.ts';
import { type Product, productsOf } from './products.ts';
import { buildStockGan } from './stock.ts';

/** `ours`: backend, kernels and optimizer of this project. `stock`: tfjs as it comes. */
export type Side = 'ours' | 'stock';

export interface Request {
  readonly steps: number;
  /** Whether to time each matrix product, and not whole steps. */
  readonly products?: boolean;
}

export interface Answer {
  readonly timesMs: readonly number[];
  /** This process's peak resident set so far. */
  readonly peakRssMb: number;
  readonly products: readonly Product[];
}

const settings = DEFAULTS;
const dataset = await readDataset();
const sizes = recipeSizes(settings, dataset);
const { generatorLearningRate: rate, generatorBeta1: beta1 } = settings;

function withOptimizers(gan: Gan, makeAdam: () => tf.Optimizer): Trainer {
  return { gan, generatorOptimizer: makeAdam(), discriminatorOptimizer: makeAdam() };
}

async function ours(threads: number, random: Random): Promise<Trainer> {
  await startBackend({ threads, relaxedSimd: true });
  const gan = buildGan(sizes, random);
  return withOptimizers(gan, () => new FusedAdam(rate, beta1, DEFAULT_BETA2, DEFAULT_EPSILON));
}

async function stock(): Promise<Trainer> {
  locateTfjsFiles();
  await tf.setBackend('wasm');
  const gan = buildStockGan(sizes);
  return withOptimizers(gan, () => tf.train.adam(rate, beta1, DEFAULT_BETA2, DEFAULT_EPSILON));
}

const [side, threads] = process.argv.slice(2);
const random = Random.fromString('benchmark');
const trainer = await (side === 'ours' ? ours(Number(threads), random) : stock());

const takeStep = (): void => {
  step(trainer, dataset, settings, random);
};

process.on('message', ({ steps, products = false }: Request) => {
  const answer: Answer = {
    timesMs: products ? [] : Array.from({ length: steps }, timeStep),
    peakRssMb: process.resourceUsage().maxRSS / 1024,
    products: products ? productsOf(takeStep, steps) : [],
  };
  process.send?.(answer);
});

function timeStep(): number {
  const startedMs = performance.now();
  takeStep();
  return performance.now() - startedMs;
}
