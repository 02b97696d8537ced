/** A Worker as `wrangler deploy` would upload it, and how large that is. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import { unstable_readConfig } from 'wrangler';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface Bundle {
  readonly folder: string;
  /** Names of the modules in that folder, the main one first. */
  readonly modules: readonly string[];
  readonly compatibilityDate: string;
  readonly compatibilityFlags: readonly string[];
  readonly variables: Readonly<Record<string, unknown>>;
  readonly sizeBytes: number;
  readonly gzipBytes: number;
}

/**
 * @param config a wrangler.toml, relative to the top folder
 * @throws Error with wrangler's own words if it cannot be built
 */
export async function bundle(config: string): Promise<Bundle> {
  const settings = unstable_readConfig({ config: root + config });
  const { main, name, compatibility_date, compatibility_flags, vars } = settings;
  const folder = `${root}build/bundles/${name}/`;
  rmSync(folder, { recursive: true, force: true });
  await wrangler('deploy', '--config', root + config, '--dry-run', '--outdir', folder);
  const mainModule = basename(main ?? '').replace(/\.ts$/, '.js');
  const others = readdirSync(folder).filter((file) => /\.(wasm|safetensors)$/.test(file));
  const modules = [mainModule, ...others];
  const contents = modules.map((module) => readFileSync(folder + module));
  return {
    folder,
    modules,
    compatibilityDate: compatibility_date ?? '',
    compatibilityFlags: compatibility_flags,
    variables: vars,
    sizeBytes: sum(contents.map(({ length }) => length)),
    gzipBytes: sum(contents.map((content) => gzipSync(content).length)),
  };
}

async function wrangler(...parameters: string[]): Promise<void> {
  const command = resolve(
    dirname(fileURLToPath(import.meta.resolve('wrangler'))),
    '../bin/wrangler.js',
  );
  const child = spawn(process.execPath, [command, ...parameters], { cwd: root });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text: Buffer) => (output += text.toString()));
  }
  const [exitCode] = await once(child, 'close');
  if (exitCode !== 0) throw new Error(`wrangler ${parameters.join(' ')} failed:\n${output}`);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
