/**
 * `npm run bench:train`: a whole training step (latents, batch, masks, both updates) of this project, on all threads asked
 * for and on one, beside one of stock tfjs on its WASM backend, each in a process of its own. They take turns, so that a
 * machine whose speed drifts treats all alike.
 */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

import { build } from '../../training/bundle/build.ts';
import { TRAINING_KERNELS } from '../../training/bundle/kernels.ts';
import { Failure, runCommand } from '../../training/cli/failure.ts';
import {
  type Flags,
  helpText,
  parseFlags,
  present,
  wholeNumber,
} from '../../training/cli/flags.ts';
import { createCounter } from '../../training/cli/progress.ts';
import { trainFlags } from '../../training/commands/train-flags.ts';
import { median } from './statistics.ts';
import { lineOf, tableOf } from './train/report.ts';
import type { Answer, Request, Side } from './train/side.ts';

/** Steps that each side takes before its times count, while the engine compiles and caches fill. */
const WARM_UP_STEPS = { ours: 20, stock: 2 };
/** Steps that a side takes in a row. */
const STEPS_PER_TURN = 10;
/** Steps whose matrix products are timed. */
const PRODUCT_STEPS = 30;

interface BenchFlags {
  threads: number | 'auto';
  steps: number;
  json: boolean;
}

const flags: Flags<BenchFlags> = {
  threads: trainFlags.threads,
  steps: wholeNumber('steps', {
    about: 'steps whose times count, of each side',
    default: 100,
    min: 1,
    max: 10_000,
  }),
  json: present('json', 'one line of JSON instead of the table'),
};

class Bench {
  readonly #process: ChildProcess;
  readonly #ended: Promise<never>;
  readonly #side: Side;
  readonly timesMs: number[] = [];
  peakRssMb = 0;

  constructor(side: Side, threads: number) {
    this.#side = side;
    const file = fileURLToPath(new URL('train/side.ts', import.meta.url));
    this.#process = fork(file, [side, String(threads)], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#ended = once(this.#process, 'exit').then(([code]) => {
      throw new Failure(
        `A side of the benchmark ended with exit code ${code}; its error is above.`,
      );
    });
    // It matters only to who waits for an answer.
    this.#ended.catch(() => {});
  }

  async warmUp(): Promise<void> {
    await this.#ask({ steps: WARM_UP_STEPS[this.#side] });
  }

  async measure(steps: number): Promise<void> {
    const answer = await this.#ask({ steps });
    this.timesMs.push(...answer.timesMs);
    this.peakRssMb = answer.peakRssMb;
  }

  async products(steps: number): Promise<Answer['products']> {
    return (await this.#ask({ steps, products: true })).products;
  }

  async #ask(request: Request): Promise<Answer> {
    this.#process.send(request);
    const [answer] = (await Promise.race([once(this.#process, 'message'), this.#ended])) as [
      Answer,
    ];
    return answer;
  }

  end(): void {
    this.#process.removeAllListeners();
    this.#process.kill();
  }
}

await runCommand(async () => {
  const { values, help } = parseFlags(flags, process.argv.slice(2));
  if (help) {
    const about =
      'Times a training step of this project beside one of stock tfjs on its WASM backend.';
    process.stdout.write(helpText('npm run bench:train -- [flags]', about, flags));
    return 0;
  }
  await build([TRAINING_KERNELS]);
  const threads = values.threads === 'auto' ? availableParallelism() : values.threads;
  const ours = new Bench('ours', threads);
  const oneThread = threads === 1 ? ours : new Bench('ours', 1);
  const stock = new Bench('stock', 1);
  const benches = [...new Set([ours, oneThread, stock])];
  try {
    for (const bench of benches) await bench.warmUp();
    const progress = createCounter(process.stderr, { total: values.steps, name: 'steps' });
    for (let done = 0; done < values.steps; done += STEPS_PER_TURN) {
      const steps = Math.min(STEPS_PER_TURN, values.steps - done);
      for (const bench of benches) await bench.measure(steps);
      progress(done + steps);
    }
    const result = {
      threads,
      oursMs: median(ours.timesMs),
      oneThreadMs: median(oneThread.timesMs),
      stockMs: median(stock.timesMs),
      steps: values.steps,
      peakRssMb: ours.peakRssMb,
      products: await ours.products(PRODUCT_STEPS),
    };
    process.stdout.write(values.json ? lineOf(result) : tableOf(result));
    return 0;
  } finally {
    for (const bench of benches) bench.end();
  }
});
