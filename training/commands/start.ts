/** `npm start`: the Worker in the local Workers runtime, by `wrangler dev`, whose flags it takes. */

import { once } from 'node:events';
import { constants } from 'node:os';

import { startWrangler } from '../bundle/wrangler.ts';
import { runCommand } from '../cli/failure.ts';

await runCommand(async () => {
  const wrangler = startWrangler(['dev', ...process.argv.slice(2)], { stdio: 'inherit' });
  // Ctrl-C reaches wrangler by itself, since a terminal sends it to all processes.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => wrangler.kill(signal));
  }
  const [code, signal] = (await once(wrangler, 'exit')) as [number | null, NodeJS.Signals | null];
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
});
