import * as tf from '@tensorflow/tfjs';

import { Random } from '../src/sampler/random.ts';
import { FusedAdam, startBackend } from './backend/index.ts';
import { readDataset } from './dataset.ts';
import { buildGan, recipeSizes } from './gan.ts';
import { step } from './step.ts';
const b = await startBackend({ threads: Number(process.argv[2] ?? 2), relaxedSimd: true });
const dataset = readDataset(null);
const random = Random.fromString('1');
const gan = buildGan(recipeSizes(100), random);
const trainer = {
  gan,
  generatorOptimizer: new FusedAdam(2e-4, 0.5, 0.999, 1e-7),
  discriminatorOptimizer: new FusedAdam(2e-4, 0.5, 0.999, 1e-7),
};
const s = { batchSize: 128, latentSize: 100, labelSmoothing: 0.9 };
for (let i = 0; i < 20; i++) step(trainer, dataset, s, random);
const n = 40;
const ts = [];
for (let i = 0; i < n; i++) {
  const t = performance.now();
  step(trainer, dataset, s, random);
  ts.push(performance.now() - t);
}
ts.sort((a, b) => a - b);
console.log('step ms median', ts[n / 2].toFixed(1), 'min', ts[0].toFixed(1));
// per kernel
const sums = new Map<string, [number, number]>();
for (const k of tf.getKernelsForBackend('wasm')) {
  tf.unregisterKernel(k.kernelName, 'wasm');
  const f = k.kernelFunc;
  tf.registerKernel({
    ...k,
    setupFunc: undefined,
    kernelFunc: (c) => {
      const t = performance.now();
      const r = f(c);
      const x = sums.get(k.kernelName) ?? [0, 0];
      x[0] += performance.now() - t;
      x[1]++;
      sums.set(k.kernelName, x);
      return r;
    },
  });
}
const be = tf.backend() as any;
const run = be.run.bind(be);
be.run = (o: number, ...a: any[]) => {
  if (o !== 5) return run(o, ...a);
  const t = performance.now();
  run(o, ...a);
  const x = sums.get('ADAM') ?? [0, 0];
  x[0] += performance.now() - t;
  x[1]++;
  sums.set('ADAM', x);
};
const t0 = performance.now();
for (let i = 0; i < n; i++) step(trainer, dataset, s, random);
const total = (performance.now() - t0) / n;
let k = 0;
for (const [name, [ms, c]] of [...sums].sort((a, b) => b[1][0] - a[1][0])) {
  console.log(name.padEnd(22), (ms / n).toFixed(2), 'ms', c / n);
  k += ms / n;
}
console.log(
  'outside kernels',
  (total - k).toFixed(2),
  'of',
  total.toFixed(1),
  process.memoryUsage().rss / 1e6,
);
await b.stop();
