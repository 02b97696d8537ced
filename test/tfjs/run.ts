/**
 * `npm run test:tfjs`: the compiled tests that @tensorflow/tfjs-core ships, unchanged, on our backend. They need a
 * bundler, since their imports have no file extensions. All copies of tfjs in a process share one registry of kernels,
 * gradients and backends. The run only passes if every kernel of ours has been called.
 */

import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import * as tf from '@tensorflow/tfjs';
import { build } from 'esbuild';

import { ThreadedBackend } from '../../training/backend/backend.ts';
import { startBackend } from '../../training/backend/index.ts';
import { KEYED_DROPOUT } from '../../training/backend/kernels/dropout.ts';
import { build as buildArtefacts } from '../../training/bundle/build.ts';
import { TRAINING_KERNELS } from '../../training/bundle/kernels.ts';
import { EXCLUDED, FILES } from './specs.ts';

const THREADS = 2;
const TIMEOUT_MS = 20_000;

const require = createRequire(import.meta.url);
const core = dirname(require.resolve('@tensorflow/tfjs-core'));

/** Bundles tfjs's tests into one CommonJS file and returns its path. */
async function bundleTests(): Promise<string> {
  const outfile = fileURLToPath(new URL('../../build/tfjs-tests.cjs', import.meta.url));
  mkdirSync(dirname(outfile), { recursive: true });
  const util = JSON.stringify(join(core, 'jasmine_util.js'));
  const environment = JSON.stringify([{ name: 'ours', backendName: 'wasm', isDataSync: true }]);
  const imports = FILES.map((file) => `require(${JSON.stringify(join(core, file))});`);
  await build({
    stdin: {
      contents: `require(${util}).setTestEnvs(${environment});\n${imports.join('\n')}\n`,
      resolveDir: core,
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
  });
  return outfile;
}

/** Calls of each kernel that `start` registers, counted from here on. */
async function countReplaced(start: () => Promise<unknown>): Promise<Map<string, number>> {
  const before = new Map(
    tf.getKernelsForBackend('wasm').map(({ kernelName, kernelFunc }) => [kernelName, kernelFunc]),
  );
  await start();
  const calls = new Map<string, number>();
  for (const kernel of tf.getKernelsForBackend('wasm')) {
    const { kernelName, kernelFunc } = kernel;
    if (before.get(kernelName) === kernelFunc) continue;
    calls.set(kernelName, 0);
    kernel.kernelFunc = (call) => {
      if (!(call.backend instanceof ThreadedBackend)) throw new Error('Not on our backend.');
      calls.set(kernelName, (calls.get(kernelName) ?? 0) + 1);
      return kernelFunc(call);
    };
  }
  return calls;
}

/**
 * The parts of jasmine-core that we use, since it has no types. Version 5 is the last one with the file that tfjs's
 * tests load.
 */
interface Jasmine {
  DEFAULT_TIMEOUT_INTERVAL: number;
  getEnv(): {
    configure(options: {
      random: boolean;
      specFilter: (spec: { getFullName(): string }) => boolean;
    }): void;
    addReporter(reporter: { specDone(result: SpecResult): void }): void;
    execute(): Promise<unknown>;
  };
}

interface SpecResult {
  readonly fullName: string;
  readonly status: 'passed' | 'failed' | 'excluded' | 'pending';
  readonly failedExpectations: readonly { readonly message: string }[];
}

const jasmine = (require('jasmine-core') as { boot(): Jasmine }).boot();
jasmine.DEFAULT_TIMEOUT_INTERVAL = TIMEOUT_MS;
const environment = jasmine.getEnv();
const outcome = { passed: 0, failed: 0, excluded: 0 };
const used = new Set<string>();
environment.configure({
  random: false,
  specFilter: (spec) => {
    const match = EXCLUDED.find(({ name }) => spec.getFullName().includes(name));
    if (match) used.add(match.name);
    return match === undefined;
  },
});
environment.addReporter({
  specDone({ fullName, status, failedExpectations }) {
    if (status === 'passed') outcome.passed++;
    else if (status === 'failed') outcome.failed++;
    else outcome.excluded++;
    if (status !== 'failed') return;
    const reasons = failedExpectations.map(({ message }) => `    ${message.split('\n')[0]}`);
    process.stdout.write(`FAILED ${fullName}\n${reasons.join('\n')}\n`);
  },
});

await buildArtefacts([TRAINING_KERNELS]);
// The tests' own copy of tfjs registers its gradients when it is loaded: ours must come later.
require(await bundleTests());
const calls = await countReplaced(() => startBackend({ threads: THREADS, relaxedSimd: true }));
// Each suite resets tfjs, which disposes all backends and asks their factories for new ones; ours starts only once.
tf.backend().dispose = () => {};
await environment.execute();

// None of tfjs's operations leads to our dropout.
const idle = [...calls].filter(([name, count]) => count === 0 && name !== KEYED_DROPOUT);
const complaints = [
  ...idle.map(([name]) => `kernel ${name} was never called`),
  ...EXCLUDED.filter(({ name }) => !used.has(name)).map(({ name }) => `no test is named ${name}`),
];
for (const complaint of complaints) process.stdout.write(`FAILED ${complaint}\n`);
const called = [...calls].map(([name, count]) => `${name} ${count}`).join(', ');
process.stdout.write(`Calls of our kernels: ${called}\n`);
const failed = outcome.failed + complaints.length;
process.stdout.write(`${outcome.passed} passed, ${failed} failed, ${outcome.excluded} excluded\n`);
process.exitCode = failed === 0 ? 0 : 1;
