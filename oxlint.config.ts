/** What the linter refuses. The borders between rooms are its greater part: who may import what. */

import { defineConfig, type OxlintOverride } from 'oxlint';

interface Imports {
  /** What may be imported, as an import names it; without a list, everything. */
  readonly only?: readonly string[];
  /** What of that may not. */
  readonly never?: readonly string[];
}

/** The borders of some files. Of several borders of a file, the last one counts. */
function border(
  files: readonly string[],
  message: string,
  { only, never = [] }: Imports,
): OxlintOverride {
  const group = [...(only ? ['**', ...only.map((path) => `!${path}`)] : []), ...never];
  return {
    files: [...files],
    rules: { 'no-restricted-imports': ['error', { patterns: [{ group, message }] }] },
  };
}

const OTHER_HALVES = ['**/training/**', '**/test/**'];
const OUTSIDE_SRC = [...OTHER_HALVES, 'node:*', 'node:*/**'];
const MEMORY = ['**/sampler/engine.ts', '**/sampler/layout.ts', '**/sampler/kernel/**'];
const APP = ['**/src/*.ts', '!**/src/digit.ts', '**/src/http/**', '**/src/routes/**'];
const PAGE = ['**/src/page/**'];
const FLAGS = ['**/cli/flags.ts', '**/cli/interrupt.ts', '**/commands/**', '**/test/**'];
const FILES = ['node:fs', 'node:fs/*', '**/cli/files.ts', '**/run-folder.ts', '**/checkpoint.ts'];

const BORDERS = [
  border(['src/**'], 'src knows neither training nor tests nor Node.', { never: OUTSIDE_SRC }),
  border(['src/app.ts', 'src/http/**', 'src/routes/**'], 'HTTP knows neither memory nor layers.', {
    never: [...OUTSIDE_SRC, ...MEMORY],
  }),
  border(['src/library/**'], 'The library knows neither Node nor memory nor layers.', {
    never: [...OUTSIDE_SRC, ...MEMORY],
  }),
  border(['src/library/node.ts'], 'In Node, the library reads files.', {
    never: [...OTHER_HALVES, ...MEMORY],
  }),
  border(['src/encoders/*.ts'], 'Encoders know pixels: no sampler, weights or HTTP.', {
    only: ['./**', '../digit.ts'],
  }),
  border(['src/encoders/*/**'], 'Encoders know pixels: no sampler, weights or HTTP.', {
    only: ['./**', '../*.ts', '../*/*.ts', '../../digit.ts'],
  }),
  border(['src/weights/**'], 'Weights know the sampler: no encoders or HTTP.', {
    only: ['./**', '../digit.ts', '../sampler/*.ts'],
  }),
  border(['src/sampler/**'], 'The sampler knows latents, layers and labels, and no other room.', {
    only: ['./**', '../digit.ts', '@noble/hashes/*'],
  }),
  border(
    ['training/**'],
    'Of src, training knows digit, sampler, weights and encoders. Only commands know flags.',
    { never: [...APP, ...PAGE, ...FLAGS] },
  ),
  border(
    ['training/commands/**'],
    'Commands know flags and exit codes: no arithmetic, and not the app.',
    { never: [...APP, ...PAGE, '@tensorflow/*', '**/test/**'] },
  ),
  border(['training/attack/**'], 'Attacks know no flags; they borrow decoders from the tests.', {
    never: [...APP, ...PAGE, '**/cli/flags.ts', '**/commands/**'],
  }),
  border(['training/sampling/**'], 'Sampling runs the app: no flags.', { never: FLAGS }),
  border(['training/bundle/**'], 'The build knows what it makes of the page: no flags.', {
    never: [...APP, ...FLAGS],
  }),
  border(['training/bundle/openapi.ts'], 'The build describes the routes: no flags.', {
    never: FLAGS,
  }),
  border(
    ['training/gan/networks.ts', 'training/gan/step.ts', 'training/gan/recipe.ts'],
    'Networks and steps know tfjs: no files, no flags.',
    { never: [...APP, ...PAGE, ...FLAGS, ...FILES, '**/cli/progress.ts'] },
  ),
  border(['training/backend/*.ts'], 'The backend stands alone.', { never: ['../**'] }),
  border(['training/backend/*/**'], 'The backend stands alone.', { never: ['../../**'] }),
  border(
    ['src/sampler/kernel/**', 'training/backend/wasm/**'],
    'Kernels know pointers, shapes and layout, and one another.',
    { only: ['./**'] },
  ),
];

export default defineConfig({
  options: { typeAware: true },
  plugins: ['typescript', 'import', 'unicorn', 'oxc', 'promise', 'node'],
  categories: { correctness: 'error', suspicious: 'error', perf: 'error' },
  rules: {
    'no-explicit-any': 'error',
    'no-await-in-loop': 'off',
    'no-underscore-dangle': ['error', { allow: ['_malloc', '_free', '_FusedMatMul'] }],
    'oxc/no-map-spread': 'off',
    'typescript/no-misused-promises': 'error',
    // Characters of a seed are Unicode's code points.
    'typescript/no-misused-spread': ['error', { allow: ['string'] }],
    'typescript/no-unsafe-argument': 'error',
    'typescript/no-unsafe-assignment': 'error',
    'typescript/no-unsafe-call': 'error',
    'typescript/no-unsafe-member-access': 'error',
    'typescript/no-unsafe-return': 'error',
    'typescript/no-unsafe-type-assertion': 'off',
    'typescript/only-throw-error': 'error',
    'typescript/prefer-promise-reject-errors': 'error',
    'typescript/restrict-template-expressions': ['error', { allowArray: true }],
    'typescript/return-await': 'error',
    'typescript/switch-exhaustiveness-check': 'error',
    // Objects here are closures, without a `this` to lose.
    'typescript/unbound-method': 'off',
  },
  overrides: [
    ...BORDERS,
    {
      // The postMessage of Node's threads has no origin.
      files: ['training/**'],
      rules: { 'unicorn/require-post-message-target-origin': 'off' },
    },
    {
      // AssemblyScript converts by assertions.
      files: ['src/sampler/kernel/**', 'training/backend/wasm/**'],
      rules: { 'typescript/no-unnecessary-type-assertion': 'off' },
    },
    {
      // Plain JavaScript, which is loaded where nothing else runs.
      files: ['tools/node/*.cjs'],
      rules: {
        'typescript/no-unsafe-argument': 'off',
        'typescript/no-unsafe-assignment': 'off',
        'typescript/no-unsafe-call': 'off',
        'typescript/no-unsafe-member-access': 'off',
      },
    },
    // Vitest's matchers are any.
    { files: ['test/**'], rules: { 'typescript/no-unsafe-assignment': 'off' } },
    { files: ['**/*.d.ts'], rules: { 'no-extraneous-class': 'off' } },
  ],
  ignorePatterns: ['build', 'dist', 'node_modules', 'runs'],
});
