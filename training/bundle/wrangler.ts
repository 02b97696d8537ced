/** wrangler, Cloudflare's tool, as this project's commands run it: it asks and tells nobody anything. */

import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * Reports of use and of errors go nowhere, the properties of a local request are made up, and no newer wrangler is looked
 * for. `send_metrics` in wrangler.toml does not cover all of that.
 */
const QUIET = {
  WRANGLER_SEND_METRICS: 'false',
  WRANGLER_SEND_ERROR_REPORTS: 'false',
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  // With the banner goes the look for a newer version.
  WRANGLER_HIDE_BANNER: 'true',
};

/** Starts `wrangler` with these parameters. */
export function startWrangler(
  parameters: readonly string[],
  options: { readonly cwd?: string; readonly stdio?: StdioOptions } = {},
): ChildProcess {
  const env = { ...process.env, ...QUIET };
  return spawn(process.execPath, [locateWrangler(), ...parameters], { ...options, env });
}

/** Runs `wrangler` in a folder. @throws Error with its own words if it fails */
export async function runWrangler(cwd: string, parameters: readonly string[]): Promise<void> {
  const child = startWrangler(parameters, { cwd });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (text: Buffer) => (output += text.toString()));
  }
  const [exitCode] = (await once(child, 'close')) as [number | null];
  if (exitCode !== 0) throw new Error(`wrangler ${parameters.join(' ')} failed:\n${output}`);
}

/** The path of the program that `npx wrangler` runs. */
function locateWrangler(): string {
  const main = createRequire(import.meta.url).resolve('wrangler');
  return join(dirname(main), '../bin/wrangler.js');
}
