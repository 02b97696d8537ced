/**
 * Library, app and training backend → dist/: what the npm package consists of, beside its package.json. Kernels and
 * weights lie beside the modules there; weights as model.bin, which Workers take for data by default.
 */

import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Plugin } from 'rolldown';

import type { Artefact } from './build.ts';
import { TSCONFIG, declareTypes } from './declarations.ts';
import { INLINED } from './inlined.ts';
import { SAMPLER_KERNEL, TRAINING_KERNELS } from './kernels.ts';
import { MODEL } from './model.ts';
import { noticesOf } from './notices.ts';

/** By the names that they have in dist/. */
const ENTRIES = {
  index: 'src/library.ts',
  'index-node': 'src/library/entries/node.ts',
  'index-workerd': 'src/library/entries/workerd.ts',
  inlined: 'src/library/entries/inlined.ts',
  hono: 'src/library/entries/hono.ts',
  'hono-node': 'src/library/entries/hono-node.ts',
  'hono-workerd': 'src/library/entries/hono-workerd.ts',
  backend: 'training/backend/index.ts',
  'backend-helper': 'training/backend/helper.ts',
};

/** What declares the package's types, the same on every platform, below types/ in dist/. */
const TYPES = [ENTRIES.index, ENTRIES.hono, ENTRIES.backend];

/** What lies in build/, by its name in dist/. */
const FILES = {
  'sampler.wasm': 'sampler.wasm',
  'sampler-plain.wasm': 'sampler-plain.wasm',
  'model.bin': 'model.safetensors',
  'inlined-files.js': 'inlined.js',
  'training.wasm': 'training.wasm',
  'training-relaxed.wasm': 'training-relaxed.wasm',
};

/** What is not bundled: the package's peers, and Node. */
const EXTERNAL = [/^hono(\/|$)/, /^@tensorflow\//, /^node:/];

export const PACKAGE: Artefact = {
  outputs: ['dist'],
  needs: [SAMPLER_KERNEL, MODEL, INLINED, TRAINING_KERNELS],
  async inputs() {
    const built = Object.values(FILES).map((name) => `build/${name}`);
    return {
      modules: [import.meta.filename, ...Object.values(ENTRIES)],
      files: [TSCONFIG, ...built],
    };
  },
  async make(folder, root) {
    const out = join(folder, 'dist');
    const modules = await bundle(root, out);
    writeFileSync(join(out, 'LICENSES.txt'), noticesOf(modules));
    await declareTypes(TYPES, root, join(out, 'types'));
    for (const [name, source] of Object.entries(FILES)) {
      copyFileSync(join(root, 'build', source), join(out, name));
    }
  },
};

/**
 * JavaScript, with source maps, in modules that the entries share.
 * @returns the paths of the modules that are bundled
 */
async function bundle(root: string, out: string): Promise<string[]> {
  const { build } = await import('rolldown');
  const { output } = await build({
    cwd: root,
    input: ENTRIES,
    external: EXTERNAL,
    platform: 'neutral',
    plugins: [besideModules()],
    transform: { target: 'es2022' },
    output: {
      dir: out,
      format: 'esm',
      chunkFileNames: '[name]-[hash].js',
      sourcemap: true,
      // From dist/, where the modules will lie, not from two folders further down.
      sourcemapPathTransform: (source) => source.replace('../../', ''),
    },
  });
  return output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
}

/**
 * Sources name files in build/ and other sources. In dist/ all of them lie beside the module, the latter compiled, and
 * for TypeScript's sake files keep the names that they have in build/ until then.
 */
const NAMES: readonly (readonly [source: RegExp, inPackage: string])[] = [
  [/(?:\.\.\/)+build\/([\w-]+\.wasm|\$\{name\})/g, './$1'],
  [/(?:\.\.\/)+build\/model\.safetensors/g, './model.bin'],
  [/(?:\.\.\/)+build\/inlined\.js/g, './inlined-files.js'],
  [/(?<=new URL\(')helper\.ts/g, 'backend-helper.js'],
];

function besideModules(): Plugin {
  return {
    name: 'beside-modules',
    transform(code) {
      let renamed = code;
      for (const [source, inPackage] of NAMES) renamed = renamed.replaceAll(source, inPackage);
      // No line moves, so the source map stays as it is.
      return renamed === code ? undefined : { code: renamed, map: null };
    },
    resolveId: (id) =>
      Object.hasOwn(FILES, id.replace('./', '')) ? { id, external: true } : undefined,
  };
}
