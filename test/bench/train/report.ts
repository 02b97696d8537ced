/** What `bench:train` found, as one line for programs and as a table for people. */

import type { Product } from './products.ts';

export interface Result {
  readonly threads: number;
  /** A step of this project, on that many threads and on one; and one of stock tfjs. */
  readonly oursMs: number;
  readonly oneThreadMs: number;
  readonly stockMs: number;
  readonly steps: number;
  /** Of the process that took our steps on that many threads. */
  readonly peakRssMb: number;
  /** Of a step on that many threads. */
  readonly products: readonly Product[];
}

export function lineOf({ threads, products, ...result }: Result): string {
  return `${JSON.stringify({
    threads,
    oursMs: rounded(result.oursMs),
    oneThreadMs: rounded(result.oneThreadMs),
    stockMs: rounded(result.stockMs),
    speedup: rounded(result.stockMs / result.oursMs),
    steps: result.steps,
    peakRssMb: Math.round(result.peakRssMb),
    products: products.map(({ shape, transposed, perStep, ms, gflops }) => ({
      shape,
      transposed,
      perStep,
      ms: rounded(ms),
      gflops: rounded(gflops),
    })),
  })}\n`;
}

export function tableOf({ threads, products, ...result }: Result): string {
  const memory = `, at most ${Math.round(result.peakRssMb)} MB of memory`;
  const onThreads = threads === 1 ? '1 thread' : `${threads} threads`;
  const sides: [name: string, figure: string][] = [
    [`this project, ${onThreads}`, `${result.oursMs.toFixed(1)} ms${memory}`],
    ['stock tfjs, WASM SIMD', `${result.stockMs.toFixed(1)} ms`],
    ['speedup', (result.stockMs / result.oursMs).toFixed(1)],
  ];
  if (threads > 1) {
    sides.splice(1, 0, ['this project, 1 thread', `${result.oneThreadMs.toFixed(1)} ms`]);
  }
  return [
    `one step of the recipe, batch 128, median of ${result.steps}`,
    ...sides.map(([name, figure]) => `  ${name.padEnd(25)}${figure}`),
    '',
    `its matrix products, on ${onThreads}`,
    productRow(['rows × columns × depth', 'transposed', 'a step', 'ms', 'GFLOP/s']),
    ...products.map(({ shape, transposed, perStep, ms, gflops }) =>
      productRow([shape.join(' × '), transposed, `${perStep}`, ms.toFixed(2), gflops.toFixed(1)]),
    ),
    '',
  ].join('\n');
}

function productRow([shape, transposed, perStep, ms, gflops]: readonly string[]): string {
  return `  ${shape.padEnd(25)}${transposed.padEnd(12)}${perStep.padStart(6)}${ms.padStart(8)}${gflops.padStart(9)}`;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
