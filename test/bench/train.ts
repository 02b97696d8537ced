/**
 * `npm run bench:train`: a whole training step (latents, batch, masks, both updates) of this project beside one
 * of stock tfjs on its WASM backend, each in a process of its own. The two take turns, so that a machine whose
 * speed drifts treats both alike.
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
import type { Answer, Request, Side } from './train/side.ts';

/** Steps that each side takes before its times count, while the engine compiles and caches fill. */
const WARM_UP_STEPS = { ours: 20, stock: 2 };
/** Steps that a side takes in a row. */
const STEPS_PER_TURN = 10;

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
  readonly timesMs: number[] = [];
  peakRssMb = 0;

  constructor(side: Side, threads: number) {
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

  async take(steps: number): Promise<Answer> {
    this.#process.send({ steps } satisfies Request);
    const [answer] = (await Promise.race([once(this.#process, 'message'), this.#ended])) as [
      Answer,
    ];
    return answer;
  }

  async measure(steps: number): Promise<void> {
    const answer = await this.take(steps);
    this.timesMs.push(...answer.timesMs);
    this.peakRssMb = answer.peakRssMb;
  }

  end(): void {
    this.#process.removeAllListeners();
    this.#process.kill();
  }
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
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
  const sides = { ours: new Bench('ours', threads), stock: new Bench('stock', 1) };
  try {
    for (const side of ['ours', 'stock'] as const) await sides[side].take(WARM_UP_STEPS[side]);
    const progress = createCounter(process.stderr, { total: values.steps, name: 'steps' });
    for (let done = 0; done < values.steps; done += STEPS_PER_TURN) {
      const steps = Math.min(STEPS_PER_TURN, values.steps - done);
      await sides.ours.measure(steps);
      await sides.stock.measure(steps);
      progress(done + steps);
    }
  } finally {
    for (const side of Object.values(sides)) side.end();
  }
  const [oursMs, stockMs] = [median(sides.ours.timesMs), median(sides.stock.timesMs)];
  const result = {
    threads,
    oursMs: rounded(oursMs),
    stockMs: rounded(stockMs),
    speedup: rounded(stockMs / oursMs),
    steps: values.steps,
    peakRssMb: Math.round(sides.ours.peakRssMb),
  };
  process.stdout.write(
    values.json
      ? `${JSON.stringify(result)}\n`
      : `one step of the recipe, batch 128, median of ${result.steps}
  this project, ${threads} ${threads === 1 ? 'thread ' : 'threads'}   ${result.oursMs.toFixed(1)} ms, at most ${result.peakRssMb} MB of memory
  stock tfjs, WASM SIMD    ${result.stockMs.toFixed(1)} ms
  speedup                  ${result.speedup.toFixed(1)}
`,
  );
  return 0;
});
