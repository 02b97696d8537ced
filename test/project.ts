/** Copies of this project with weights of their own, built as a deployment would build them. */

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
/** What the Worker is built from. The kernel is no other for other weights. */
const BUILT_FROM = [
  'src',
  'training',
  'tools',
  'weights',
  'public/_headers',
  'build/sampler.wasm',
  'build/sampler-plain.wasm',
  'build/sampler.wasm.stamp.json',
  'wrangler.toml',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
];

export interface Project {
  readonly folder: string;
  remove(): void;
}

/** In a folder from which node_modules is found. */
export function copyOfProject(): Project {
  mkdirSync(join(ROOT, 'build'), { recursive: true });
  const folder = mkdtempSync(join(ROOT, 'build/copy-'));
  for (const name of BUILT_FROM) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** What a deployment would upload. */
export interface Upload {
  /** Ends in a slash. */
  readonly folder: string;
  /** Names in it, that of the main module first. */
  readonly modules: readonly string[];
  /** The folder of static assets. */
  readonly assets: string;
}

export function uploadOf({ folder }: Project): Upload {
  const wrangler = join(ROOT, 'node_modules/wrangler/bin/wrangler.js');
  const args = ['deploy', '--dry-run', '--outdir', 'bundle'];
  const { status, stderr } = spawnSync(process.execPath, [wrangler, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false' },
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const files = readdirSync(join(folder, 'bundle'));
  const data = files.filter((name) => /\.(?:wasm|safetensors)$/.test(name));
  return {
    folder: join(folder, 'bundle', '/'),
    modules: ['index.js', ...data],
    assets: join(folder, 'public'),
  };
}
