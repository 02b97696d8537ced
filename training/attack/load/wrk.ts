/** wrk, a load generator (https://github.com/wg/wrk): one run of it, and what it reports. Not here: which paths. */

import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { Failure } from '../../cli/failure.ts';
import { inTemporaryFolder } from '../folder.ts';

const run = promisify(execFile);

export interface Load {
  readonly url: URL;
  /** Asked for in turn, each time with another seed. */
  readonly paths: readonly string[];
  readonly seed: string;
  readonly seconds: number;
  readonly connections: number;
}

export interface Measured {
  readonly requests: number;
  /** Connections that failed, and answers that came too late. */
  readonly errors: number;
  /** Answers of another status than 2xx and 3xx. */
  readonly refused: number;
  /** Half of the answers took at most this, 99 of 100 at most that. */
  readonly medianMs: number;
  readonly highMs: number;
}

/** @throws Failure where there is no wrk */
export async function wrk({ url, paths, seed, seconds, connections }: Load): Promise<Measured> {
  const parameters = ['-t2', `-c${connections}`, `-d${seconds}s`, '--timeout', '30s'];
  try {
    const { stdout } = await inTemporaryFolder((folder) => {
      const script = join(folder, 'paths.lua');
      writeFileSync(script, scriptOf(paths, seed));
      return run('wrk', [...parameters, '-s', script, url.href]);
    });
    const line = stdout.split('\n').find((each) => each.startsWith('{'));
    if (line === undefined) throw new Error(`wrk said something else: ${stdout}`);
    return JSON.parse(line) as Measured;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new Failure('Found no wrk; install it, such as by apt-get install wrk.');
  }
}

/** In Lua, as wrk asks for it; each thread has its own state. */
function scriptOf(paths: readonly string[], seed: string): string {
  return `
local paths = { ${paths.map((path) => JSON.stringify(path)).join(', ')} }
local threads = 0
function setup(thread)
  thread:set("id", threads)
  threads = threads + 1
end
local count = 0
function request()
  count = count + 1
  local path = paths[count % #paths + 1]
  -- The parentheses leave one of gsub's two values.
  return wrk.format("GET", (path:gsub("SEED", "${seed}-" .. id .. "-" .. count)))
end
function done(summary, latency)
  local e = summary.errors
  io.write(string.format(
    '{"requests":%d,"errors":%d,"refused":%d,"medianMs":%.2f,"highMs":%.2f}\\n',
    summary.requests, e.connect + e.read + e.write + e.timeout, e.status,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
`;
}
