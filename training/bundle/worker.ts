/** A Worker as `wrangler deploy` would upload it, and how large that is. */

import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { ASSETS, ASSETS_FOLDER } from './assets.ts';
import { type Artefact, ROOT, build } from './build.ts';
import { OPENAPI } from './openapi.ts';
import { PAGE } from './page.ts';
import { runWrangler } from './wrangler.ts';

export interface Bundle extends Manifest {
  /** Ends in a slash. */
  readonly folder: string;
  /** The folder of static assets, if there are any. */
  readonly assets: string | undefined;
}

/** What a runtime has to know of a bundle; it lies in the bundle's folder. */
interface Manifest {
  /** Names of the modules in that folder, the main one first. */
  readonly modules: readonly string[];
  readonly compatibilityDate: string;
  readonly compatibilityFlags: readonly string[];
  readonly variables: Readonly<Record<string, unknown>>;
}

const MANIFEST = 'manifest.json';
/** This project's own Worker. */
const CONFIG = 'wrangler.toml';

/**
 * @param config a wrangler.toml, relative to the top folder
 * @throws Error with wrangler's own words if it cannot be built
 */
export async function bundle(config = CONFIG): Promise<Bundle> {
  const artefact = worker(config);
  await build([artefact]);
  const folder = join(ROOT, artefact.outputs[0], '/');
  const manifest = JSON.parse(readFileSync(folder + MANIFEST, 'utf8')) as Manifest;
  return { ...manifest, folder, assets: config === CONFIG ? join(ROOT, ASSETS_FOLDER) : undefined };
}

/** As the platform counts it, each module gzipped by itself. */
export function sizeOf({ folder, modules }: Bundle): { sizeBytes: number; gzipBytes: number } {
  const contents = modules.map((module) => readFileSync(folder + module));
  return {
    sizeBytes: sum(contents.map(({ length }) => length)),
    gzipBytes: sum(contents.map((content) => gzipSync(content).length)),
  };
}

function worker(config: string): Artefact {
  const output = config === CONFIG ? 'build/worker' : `build/worker-${basename(config, '.toml')}`;
  return {
    outputs: [output],
    needs: [PAGE, OPENAPI, ASSETS],
    async inputs(root) {
      const { main, alias } = await readConfig(root, config);
      const replacements = Object.values(alias ?? {}).map((path) => join(dirname(config), path));
      return { modules: [import.meta.filename, main, ...replacements], files: [config] };
    },
    async make(folder, root) {
      const settings = await readConfig(root, config);
      const out = join(folder, basename(output));
      await runWrangler(root, ['deploy', '--config', config, '--dry-run', '--outdir', out]);
      const mainModule = basename(settings.main).replace(/\.ts$/, '.js');
      const data = readdirSync(out).filter((file) => /\.(wasm|safetensors)$/.test(file));
      const manifest: Manifest = {
        modules: [mainModule, ...data],
        compatibilityDate: settings.compatibility_date,
        compatibilityFlags: settings.compatibility_flags,
        variables: settings.vars,
      };
      writeFileSync(join(out, MANIFEST), JSON.stringify(manifest));
    },
  };
}

/** What is used of a wrangler.toml. wrangler's own type of it refers to packages that it does not bring along. */
interface Settings {
  readonly main: string;
  readonly compatibility_date: string;
  readonly compatibility_flags: readonly string[];
  readonly vars: Readonly<Record<string, unknown>>;
  readonly alias?: Readonly<Record<string, string>>;
}

async function readConfig(root: string, config: string): Promise<Settings> {
  const { unstable_readConfig } = await import('wrangler');
  return unstable_readConfig({ config: join(root, config) }) as Settings;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
