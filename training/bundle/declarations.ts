/** TypeScript → declarations: the types of some modules and of all that these import, and of no others. */

import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, posix } from 'node:path';
import { promisify } from 'node:util';

import { Failure } from '../cli/failure.ts';

/** Which modules there are to declare, and what they may name. */
export const TSCONFIG = 'training/bundle/package.tsconfig.json';

/** A path in quotes. */
const RELATIVE_IMPORT = /('\.{1,2}\/[^']+)\.ts'/g;

/**
 * @param modules paths relative to `root`, which files have below `out` as well
 * @throws Failure in the compiler's words
 */
export async function declareTypes(
  modules: readonly string[],
  root: string,
  out: string,
): Promise<void> {
  const all = mkdtempSync(join(root, 'build/types-'));
  const done = new Set<string>();
  try {
    await compile(root, all);
    for (const module of modules) copy(module);
  } finally {
    rmSync(all, { recursive: true });
  }

  function copy(module: string): void {
    if (done.has(module)) return;
    done.add(module);
    const file = module.replace(/\.ts$/, '.d.ts');
    const text = readFileSync(join(all, file), 'utf8');
    mkdirSync(dirname(join(out, file)), { recursive: true });
    writeFileSync(join(out, file), text.replaceAll(RELATIVE_IMPORT, "$1.js'"));
    for (const [imported] of text.matchAll(RELATIVE_IMPORT)) {
      copy(posix.join(posix.dirname(module), imported.slice(1, -1)));
    }
  }
}

async function compile(root: string, outDir: string): Promise<void> {
  const typescript = createRequire(import.meta.url).resolve('typescript/package.json');
  const compiler = join(dirname(typescript), 'bin/tsc');
  const flags = ['--noEmit', 'false', '--declaration', '--emitDeclarationOnly'];
  const paths = ['--project', join(root, TSCONFIG), '--rootDir', root, '--outDir', outDir];
  try {
    await promisify(execFile)(process.execPath, [compiler, ...flags, ...paths]);
  } catch (error) {
    const { stdout } = error as { readonly stdout: string };
    throw new Failure(`The package's types do not compile: ${stdout.trim()}`);
  }
}
