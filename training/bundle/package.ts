/**
 * Library, app and training backend → dist/: what the npm package consists of, beside its package.json. Kernels and
 * weights lie beside the modules there; weights as model.bin, which Workers take for data by default.
 */

import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, posix } from 'node:path';
import { promisify } from 'node:util';

import type { Plugin } from 'rolldown';

import { Failure } from '../cli/failure.ts';
import type { Artefact } from './build.ts';
import { INLINED } from './inlined.ts';
import { SAMPLER_KERNEL, TRAINING_KERNELS } from './kernels.ts';
import { MODEL } from './model.ts';

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
const TSCONFIG = 'training/bundle/package.tsconfig.json';

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
    await bundle(root, out);
    await declare(root, join(folder, 'declared'), join(out, 'types'));
    for (const [name, source] of Object.entries(FILES)) {
      copyFileSync(join(root, 'build', source), join(out, name));
    }
  },
};

/** JavaScript, with source maps, in modules that the entries share. */
async function bundle(root: string, out: string): Promise<void> {
  const { build } = await import('rolldown');
  await build({
    cwd: root,
    input: ENTRIES,
    external: EXTERNAL,
    platform: 'neutral',
    plugins: [besideModules()],
    transform: { target: 'es2022' },
    output: { dir: out, format: 'esm', sourcemap: true, chunkFileNames: '[name]-[hash].js' },
  });
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

/** Types, as TypeScript declares them, of the entries and all that these import. */
async function declare(root: string, declared: string, out: string): Promise<void> {
  const compiler = join(
    dirname(createRequire(import.meta.url).resolve('typescript/package.json')),
    'bin/tsc',
  );
  const flags = ['--noEmit', 'false', '--declaration', '--emitDeclarationOnly', '--rootDir', root];
  try {
    await promisify(execFile)(process.execPath, [
      compiler,
      '-p',
      join(root, TSCONFIG),
      ...flags,
      '--outDir',
      declared,
    ]);
  } catch (error) {
    throw new Failure(
      `The package's types do not compile: ${(error as { stdout: string }).stdout}`,
    );
  }
  const done = new Set<string>();
  const copy = (module: string): void => {
    if (done.has(module)) return;
    done.add(module);
    const text = readFileSync(join(declared, module.replace(/\.ts$/, '.d.ts')), 'utf8');
    const target = join(out, module.replace(/\.ts$/, '.d.ts'));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text.replaceAll(RELATIVE_IMPORT, "$1.js'"));
    for (const [imported] of text.matchAll(RELATIVE_IMPORT)) {
      copy(posix.join(posix.dirname(module), imported.slice(1, -1)));
    }
  };
  for (const module of TYPES) copy(module);
}

/** A path in quotes. */
const RELATIVE_IMPORT = /('\.{1,2}\/[^']+)\.ts'/g;
