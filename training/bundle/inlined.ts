/** Kernel and model → build/inlined.js: the files that the package's inlined variant brings along, in base64. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Artefact } from './build.ts';
import { SAMPLER_KERNEL } from './kernels.ts';
import { MODEL } from './model.ts';

const FILES = {
  RELAXED_KERNEL: 'build/sampler.wasm',
  PLAIN_KERNEL: 'build/sampler-plain.wasm',
  MODEL: 'build/model.safetensors',
};

export const INLINED: Artefact = {
  outputs: ['build/inlined.js'],
  needs: [SAMPLER_KERNEL, MODEL],
  async inputs() {
    return { modules: [import.meta.filename], files: Object.values(FILES) };
  },
  async make(folder, root) {
    const constants = Object.entries(FILES).map(([name, path]) => {
      const base64 = readFileSync(join(root, path)).toString('base64');
      return `export const ${name} = '${base64}';\n`;
    });
    writeFileSync(join(folder, 'inlined.js'), constants.join(''));
  },
};
