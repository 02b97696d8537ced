/** `npm run attack`: tries to break the service and what reads files. Flags in, one call an attack, exit code out. */

import type { Attack } from '../attack/attack.ts';
import { ATTACKS } from '../attack/attacks.ts';
import { runCommand } from '../cli/failure.ts';
import { type Flags, helpText, parseFlags, wholeNumber } from '../cli/flags.ts';
import { createCounter } from '../cli/progress.ts';

const USAGE = 'npm run attack -- [flags]';
const ABOUT =
  'Attacks the service and what reads and writes files, the same way for the same seed; all of it, or only what\n' +
  'flags name. Each thing that it breaks is a line.';
const MAX_CASES = 1e9;

type Values = Readonly<Record<string, number>>;

const flags: Flags<Values> = {
  seed: wholeNumber('seed', {
    about: 'another seed tries other cases',
    default: 1,
    min: 0,
    max: MAX_CASES,
  }),
  ...Object.fromEntries(
    ATTACKS.map(({ cases, about, preset }) => [
      cases,
      wholeNumber(cases, { about, default: preset, min: 1, max: MAX_CASES }),
    ]),
  ),
};

await runCommand(async () => {
  const { values, given, help } = parseFlags(flags, process.argv.slice(2));
  if (help) {
    process.stdout.write(helpText(USAGE, ABOUT, flags));
    return 0;
  }
  const named = ATTACKS.filter(({ cases }) => given.has(cases));
  let broken = 0;
  for (const attack of named.length > 0 ? named : ATTACKS) {
    broken += await run(attack, `${values['seed']}`, values[attack.cases]);
  }
  return broken === 0 ? 0 : 1;
});

/** @returns how many things are broken */
async function run(attack: Attack, seed: string, count: number): Promise<number> {
  const { cases } = attack;
  const progress = createCounter(process.stderr, { total: count, name: cases });
  let broken = 0;
  const summary = await attack.run(seed, count, {
    done: progress,
    found(line) {
      broken++;
      process.stdout.write(`${cases}, seed ${seed}: ${line}\n`);
    },
  });
  const verdict = broken === 0 ? 'nothing broken' : `${broken} broken`;
  process.stdout.write(`${count} ${cases}, seed ${seed}: ${verdict}. ${summary}\n`);
  return broken;
}
