/** `npm run types`: the types of what wrangler.toml binds, by `wrangler types`, whose flags it takes. */

import { once } from 'node:events';

import { startWrangler } from '../bundle/wrangler.ts';
import { runCommand } from '../cli/failure.ts';

const FILE = 'src/bindings.d.ts';
const FLAGS = ['--include-runtime=false', '--include-main-module=false', '--strict-vars=false'];

await runCommand(async () => {
  const parameters = ['types', FILE, ...FLAGS, ...process.argv.slice(2)];
  const wrangler = startWrangler(parameters, { stdio: 'inherit' });
  const [code] = (await once(wrangler, 'exit')) as [number | null];
  return code ?? 1;
});
