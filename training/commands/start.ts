/** `npm start`: the Worker in the local Workers runtime, by `wrangler dev`, whose flags it takes. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';

import { locateWrangler } from '../bundle/worker.ts';
import { runCommand } from '../cli/failure.ts';

await runCommand(async () => {
  const parameters = [locateWrangler(), 'dev', ...process.argv.slice(2)];
  const wrangler = spawn(process.execPath, parameters, { stdio: 'inherit' });
  // Ctrl-C reaches wrangler by itself, since a terminal sends it to all processes.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => wrangler.kill(signal));
  }
  const [code, signal] = (await once(wrangler, 'exit')) as [number | null, NodeJS.Signals | null];
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
});
