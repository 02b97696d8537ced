/**
 * The Worker's production bundle in build/worker, as `wrangler deploy` would upload it. Vitest runs
 * this once before all tests, which then only read what it has built; if nothing that the bundle is
 * made of has changed since the last time, nothing is built.
 */

import { spawnSync } from 'node:child_process';
import { globSync, rmSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
export const bundleFolder = `${root}build/worker/`;
export const wranglerConfig = `${root}wrangler.toml`;

const SOURCES = [
  'src/**',
  'weights/*.safetensors',
  'training/{bundle/packing,bundle/directions,commands/build-page}.ts',
  'wrangler.toml',
  'package-lock.json',
];

/** @throws Error with wrangler's own words if it cannot be built */
export function bundleWorker(): void {
  rmSync(bundleFolder, { recursive: true, force: true });
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      `${root}node_modules/wrangler/bin/wrangler.js`,
      'deploy',
      '--dry-run',
      '--outdir',
      bundleFolder,
    ],
    { cwd: root, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`wrangler could not build the Worker:\n${stdout}${stderr}`);
}

function isFresh(): boolean {
  const bundled = statSync(`${bundleFolder}index.js`, { throwIfNoEntry: false });
  const sources = globSync(SOURCES, { cwd: root }).map((path) => statSync(root + path).mtimeMs);
  return bundled !== undefined && bundled.mtimeMs > Math.max(...sources);
}

/** What vitest calls before the first test. */
export default function setup(): void {
  if (!isFresh()) bundleWorker();
}
