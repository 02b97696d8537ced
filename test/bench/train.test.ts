/** bench:train lists the products that were computed, and says what it found. What it measures is not tested. */

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';

import { started } from '../training/backend/started.ts';
import { productsOf } from './train/products.ts';
import { lineOf, tableOf } from './train/report.ts';

const command = fileURLToPath(new URL('train.ts', import.meta.url));
const bench = (...parameters: string[]) =>
  spawnSync(process.execPath, [command, ...parameters], { encoding: 'utf8' });

test('the command explains itself', () => {
  const { status, stdout } = bench('--help');
  expect(status).toBe(0);
  expect(stdout).toContain('--json');
});

test('the command names an unknown flag in one line', () => {
  const { status, stdout, stderr } = bench('--jsno');
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(/^--jsno: .*\n$/);
});

describe('products', () => {
  test('are counted by shape and by which operands are transposed', async () => {
    await started({ threads: 2, relaxedSimd: true });
    const [weights, x] = [tf.ones([30, 20]), tf.ones([40, 30])];
    let sum = 0;
    const products = productsOf(() => {
      sum = tf.tidy(() => {
        const y = tf.matMul(x, weights);
        const gradient = tf.matMul(x, y, true, false);
        const back = [1, 2].map(() => tf.matMul(y, weights, false, true));
        const both = tf.matMul(weights, back[0], true, true);
        return tf.addN([gradient.sum(), back[1].sum(), both.sum()]).dataSync()[0];
      });
    }, 3);
    expect(sum).toBe(30 * 40 * 30 * 20 + 20 * 30 * 40 * 30 + 20 * 30 * 600 * 40);
    const found = products.map(({ shape, transposed, perStep }) => [shape, transposed, perStep]);
    expect(found).toHaveLength(4);
    expect(found).toContainEqual([[40, 20, 30], 'none', 1]);
    expect(found).toContainEqual([[30, 20, 40], 'a', 1]);
    expect(found).toContainEqual([[40, 30, 20], 'b', 2]);
    expect(found).toContainEqual([[20, 40, 30], 'both', 1]);
    for (const { shape, perStep, ms, gflops } of products) {
      const flops = 2 * shape[0] * shape[1] * shape[2] * perStep;
      expect(gflops * ms * 1e6).toBeCloseTo(flops, 3);
    }
    tf.dispose([weights, x]);
  });

  test('leave the backend as it was', async () => {
    await started({ threads: 1, relaxedSimd: true });
    const { run } = tf.backend() as unknown as { run: unknown };
    productsOf(() => {}, 1);
    expect(tf.backend()).toHaveProperty('run', run);
  });
});

describe('the report', () => {
  const result = {
    threads: 2,
    oursMs: 20.004,
    oneThreadMs: 35.5,
    stockMs: 1000.2,
    steps: 100,
    peakRssMb: 250.4,
    products: [
      { shape: [256, 1024, 784], transposed: 'a', perStep: 2, ms: 4.321, gflops: 190.256 },
    ],
  } as const;

  test('is one line of JSON', () => {
    const line = lineOf(result);
    expect(line).toMatch(/^[^\n]*\n$/);
    expect(JSON.parse(line)).toEqual({
      threads: 2,
      oursMs: 20,
      oneThreadMs: 35.5,
      stockMs: 1000.2,
      speedup: 50,
      steps: 100,
      peakRssMb: 250,
      products: [
        { shape: [256, 1024, 784], transposed: 'a', perStep: 2, ms: 4.32, gflops: 190.26 },
      ],
    });
  });

  test('is a table', () => {
    expect(tableOf(result)).toBe(`one step of the recipe, batch 128, median of 100
  this project, 2 threads  20.0 ms, at most 250 MB of memory
  this project, 1 thread   35.5 ms
  stock tfjs, WASM SIMD    1000.2 ms
  speedup                  50.0

its matrix products, on 2 threads
  rows × columns × depth   transposed  a step      ms  GFLOP/s
  256 × 1024 × 784         a                2    4.32    190.3
`);
  });

  test('has one row for one thread', () => {
    const table = tableOf({ ...result, threads: 1 });
    expect(table.match(/1 thread {3}/g)).toHaveLength(1);
  });
});
