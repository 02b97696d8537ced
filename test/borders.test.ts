/** The linter holds the borders between rooms: it refuses imports that reach across, and no others. */

import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { expect, test } from 'vitest';

import { temporaryFolder } from './training/helpers.ts';

const ROOT = join(import.meta.dirname, '..');

/** Modules, each with an import that crosses a border. */
const REFUSED: readonly (readonly [module: string, imported: string])[] = [
  ['src/app.ts', '../training/cli/flags.ts'],
  ['src/weights/a.ts', 'node:fs'],
  ['src/sampler/a.ts', '@tensorflow/tfjs'],
  ['src/sampler/a.ts', 'hono'],
  ['src/sampler/a.ts', '../encoders/pixels.ts'],
  ['src/sampler/a.ts', '../weights/safetensors.ts'],
  ['src/encoders/a.ts', 'hono/cors'],
  ['src/encoders/a.ts', '../http/parameters.ts'],
  ['src/encoders/png/a.ts', '../../sampler/sampler.ts'],
  ['src/weights/a.ts', '../http/problem.ts'],
  ['src/http/a.ts', '../sampler/kernel/abi.ts'],
  ['src/routes/a.ts', '../sampler/layout.ts'],
  ['src/app.ts', './sampler/engine.ts'],
  ['src/library/mint.ts', 'node:fs/promises'],
  ['src/library/mint.ts', '../sampler/engine.ts'],
  ['src/library/node.ts', '../../training/cli/files.ts'],
  ['src/sampler/kernel/a.ts', '../random.ts'],
  ['training/backend/wasm/a.ts', '../pool.ts'],
  ['training/backend/a.ts', '../cli/failure.ts'],
  ['training/backend/kernels/a.ts', '../../gan/step.ts'],
  ['training/backend/layers/a.ts', '../../../src/sampler/random.ts'],
  ['training/gan/networks.ts', 'node:fs'],
  ['training/gan/step.ts', '../cli/files.ts'],
  ['training/gan/step.ts', './checkpoint.ts'],
  ['training/gan/loop.ts', '../cli/flags.ts'],
  ['training/gan/checkpoint.ts', '../cli/interrupt.ts'],
  ['training/gan/loop.ts', '../commands/train.ts'],
  ['training/data/a.ts', '../../src/app.ts'],
  ['training/commands/train.ts', '@tensorflow/tfjs'],
  ['training/commands/train.ts', '../../src/http/parameters.ts'],
  ['training/bundle/a.ts', '../../test/golden.ts'],
];

/** Modules, each with an import that stays within the borders. */
const ALLOWED: readonly (readonly [module: string, imported: string])[] = [
  ['src/app.ts', './routes/digit.ts'],
  ['src/library/node.ts', 'node:fs/promises'],
  ['src/library/hono.ts', '../app.ts'],
  ['src/sampler/a.ts', './seed.ts'],
  ['src/encoders/png/a.ts', '../pixels.ts'],
  ['src/weights/a.ts', '../sampler/engine.ts'],
  ['training/backend/kernels/a.ts', '../wasm/abi.ts'],
  ['training/backend/wasm/a.ts', './pool'],
  ['training/gan/step.ts', '../cli/failure.ts'],
  ['training/gan/loop.ts', 'node:fs'],
  ['training/sampling/a.ts', '../../src/app.ts'],
  ['training/commands/train.ts', '../cli/flags.ts'],
];

test('imports across a border are refused, others are not', () => {
  const folder = temporaryFolder();
  copyFileSync(join(ROOT, 'oxlint.config.ts'), join(folder, 'oxlint.config.ts'));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'junction');
  const imports = new Map<string, string[]>();
  for (const [module, imported] of [...REFUSED, ...ALLOWED]) {
    imports.set(module, [...(imports.get(module) ?? []), imported]);
  }
  for (const [module, paths] of imports) {
    mkdirSync(dirname(join(folder, module)), { recursive: true });
    writeFileSync(join(folder, module), paths.map((path) => `import '${path}';\n`).join(''));
  }
  const linter = join(dirname(createRequire(import.meta.url).resolve('oxlint')), '../bin/oxlint');
  const { stdout } = spawnSync(process.execPath, [linter, '--format', 'json'], {
    cwd: folder,
    encoding: 'utf8',
  });
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: Diagnostic[] };
  const found = diagnostics
    .filter(({ code }) => code === 'eslint(no-restricted-imports)')
    .map(({ filename, message }) => `${filename} ${/'([^']+)'/.exec(message)?.[1]}`);
  const expected = REFUSED.map(([module, imported]) => `${module} ${imported}`);
  expect(found.toSorted()).toEqual(expected.toSorted());
});

interface Diagnostic {
  readonly code: string;
  readonly filename: string;
  readonly message: string;
}
