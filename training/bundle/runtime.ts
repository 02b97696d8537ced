/**
 * workerd, the open-source Workers runtime, serving one bundle: with no development proxy in front of it,
 * the CPU time of its process is what the Worker costs.
 */

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Readable } from 'node:stream';

import { MAX_BUNDLE_BYTES } from './limits.ts';
import type { Bundle } from './worker.ts';

/** The path of this machine's binary. Loaders disagree about how to import the package, which is CommonJS. */
const { default: workerd } = createRequire(import.meta.url)('workerd') as { default: string };

export interface Runtime {
  readonly url: URL;
  /** The process's user and system time so far; undefined without /proc, which only Linux has. */
  cpuUs(): number | undefined;
  /** The process's resident memory; undefined likewise. */
  memoryBytes(): number | undefined;
  stop(): Promise<void>;
}

/** @throws Error if the runtime refuses the bundle or ends before it listens */
export async function startRuntime(bundle: Bundle): Promise<Runtime> {
  const child = spawn(workerd, ['serve', '--binary', compile(bundle), '--control-fd=3'], {
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
  });
  const port = await portOf(child);
  return {
    url: new URL(`http://127.0.0.1:${port}`),
    cpuUs: () => cpuUsOf(child.pid),
    memoryBytes: () => memoryBytesOf(child.pid),
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Compiles the bundle to one binary file, so that a start of the runtime does not include parsing text. */
function compile(bundle: Bundle): string {
  const [text, binary] = [`${bundle.folder}config.capnp`, `${bundle.folder}config.bin`];
  if (existsSync(binary)) return binary;
  writeFileSync(text, configOf(bundle));
  const { status, stdout, stderr } = spawnSync(workerd, ['compile', '--config-only', text], {
    maxBuffer: MAX_BUNDLE_BYTES,
  });
  if (status !== 0) throw new Error(`the Workers runtime refused the bundle:\n${String(stderr)}`);
  // Others may be starting the same bundle.
  const unfinished = `${binary}.${process.pid}`;
  writeFileSync(unfinished, stdout);
  renameSync(unfinished, binary);
  return binary;
}

/** Once workerd listens, it writes {"event": "listen", "socket": "http", "port": …} to its control pipe. */
async function portOf(child: ChildProcess): Promise<number> {
  const control = child.stdio[3] as Readable;
  let text = '';
  for await (const chunk of control) {
    text += String(chunk);
    const port = /"port":\s*(\d+)/.exec(text)?.[1];
    if (port !== undefined) return Number(port);
  }
  throw new Error('the Workers runtime ended before it listened');
}

/** https://github.com/cloudflare/workerd/blob/main/src/workerd/server/workerd.capnp */
function configOf({ modules, variables, ...compatibility }: Bundle): string {
  const moduleLines = modules.map(
    (module) => `(name = ${quote(module)}, ${kindOf(module)} = embed ${quote(module)})`,
  );
  // The runtime by itself has no limiter.
  const bindings = Object.entries({ ...variables, RATE_LIMIT: 'off' }).map(
    ([name, value]) => `(name = ${quote(name)}, json = ${quote(JSON.stringify(value))})`,
  );
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [${moduleLines.join(', ')}],
  bindings = [${bindings.join(', ')}],
  compatibilityDate = ${quote(compatibility.compatibilityDate)},
  compatibilityFlags = [${compatibility.compatibilityFlags.map(quote).join(', ')}],
);
`;
}

const quote = (text: string) => JSON.stringify(text);

function kindOf(module: string): string {
  if (module.endsWith('.js')) return 'esModule';
  return module.endsWith('.wasm') ? 'wasm' : 'data';
}

/** Linux counts CPU time in hundredths of a second (fields 14 and 15 of proc(5)'s stat). */
function cpuUsOf(pid: number | undefined): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10_000;
  } catch {
    return undefined;
  }
}

/** VmRSS in proc(5)'s status. */
function memoryBytesOf(pid: number | undefined): number | undefined {
  try {
    const kibibytes = /^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
  } catch {
    return undefined;
  }
}
