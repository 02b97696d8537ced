/** AssemblyScript → WebAssembly: the sampler's kernel, and the kernels of the training backend. */

import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';

import { Failure } from '../cli/failure.ts';
import type { Artefact } from './build.ts';

const run = promisify(execFile);

export const SAMPLER_KERNEL = kernels('src/sampler/kernel', {
  'build/sampler.wasm': 'relaxed',
  'build/sampler-plain.wasm': 'plain',
});

export const TRAINING_KERNELS = kernels('training/backend/wasm', {
  'build/training.wasm': 'plain',
  'build/training-relaxed.wasm': 'relaxed',
});

/**
 * @param source a folder with an index.ts and an asconfig.json
 * @param targets of that asconfig.json, by output
 */
function kernels(source: string, targets: Readonly<Record<string, string>>): Artefact {
  const [entry, config] = [`${source}/index.ts`, `${source}/asconfig.json`];
  return {
    outputs: Object.keys(targets),
    needs: [],
    async inputs() {
      return { modules: [import.meta.filename, entry], files: [config] };
    },
    async make(folder, root) {
      const compiling = Object.entries(targets).map(async ([output, target]) => {
        const outFile = join(folder, basename(output));
        await compile(root, [entry, '--config', config, '--target', target, '--outFile', outFile]);
      });
      await Promise.all(compiling);
    },
  };
}

/** The compiler runs in a process of its own, which takes its 250 MB along when it ends. */
async function compile(root: string, parameters: readonly string[]): Promise<void> {
  const compiler = createRequire(import.meta.url).resolve('assemblyscript/bin/asc.js');
  try {
    await run(process.execPath, [compiler, ...parameters], { cwd: root });
  } catch (error) {
    process.stderr.write(String((error as { stderr?: unknown }).stderr ?? error));
    throw new Failure(`${parameters[0]}: does not compile; the reason is above.`);
  }
}
