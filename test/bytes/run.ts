/** `npm run test:bytes`: ten thousand seeds on every engine that there is, with relaxed SIMD and without. */

import { runCommand } from '../../training/cli/failure.ts';
import { type Flags, helpText, parseFlags, wholeNumber } from '../../training/cli/flags.ts';
import { digests } from './engines.ts';

const USAGE = 'npm run test:bytes -- [flags]';
const ABOUT = 'Compares what Node, workerd, Chromium and Firefox draw for the same seeds.';

const flags: Flags<{ seeds: number }> = {
  seeds: wholeNumber('seeds', { about: 'how many seeds', default: 10_000, min: 1, max: 100_000 }),
};

await runCommand(async () => {
  const { values, help } = parseFlags(flags, process.argv.slice(2));
  if (help) {
    process.stdout.write(helpText(USAGE, ABOUT, flags));
    return 0;
  }
  const found = await digests(values.seeds);
  for (const [engine, digest] of Object.entries(found)) {
    process.stdout.write(`${engine.padEnd(24)}${digest}\n`);
  }
  const same = new Set(Object.values(found)).size === 1;
  process.stdout.write(`${values.seeds} seeds: ${same ? 'the same bytes' : 'NOT the same'}.\n`);
  return same ? 0 : 1;
});
