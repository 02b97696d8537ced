/** `npm run sample`: digits to a file, byte for byte as the Worker answers them. Flags in, one call, exit code out. */

import { existsSync, statSync } from 'node:fs';
import { dirname, extname } from 'node:path';

import { nounOf } from '../../src/digit.ts';
import { loadCurrent, loadNamed } from '../bundle/shipped.ts';
import { Failure, UsageError, runCommand } from '../cli/failure.ts';
import { type Flag, type Flags, helpText, parseFlags, path, present } from '../cli/flags.ts';
import { exitCodeOf, listenForStop } from '../cli/interrupt.ts';
import { createCounter } from '../cli/progress.ts';
import { sampleAnswer } from '../sampling/answer.ts';
import { sampleData } from '../sampling/data.ts';
import { ENDINGS, requestOf } from '../sampling/request.ts';

const USAGE = 'npm run sample -- --out FILE [flags]';
const ABOUT = `Writes digits to a file (${ENDINGS}): one, as /digit does, --count N, as /digits does, or --number N.`;

interface Values {
  readonly out: string | null;
  readonly number: string | null;
  readonly count: string | null;
  readonly seed: string | null;
  readonly model: string | null;
  readonly latent: string | null;
  readonly label: string | null;
  readonly raw: boolean;
  readonly scale: string | null;
  readonly cols: string | null;
  readonly fg: string | null;
  readonly bg: string | null;
}

/** A flag that becomes a parameter of the request, where it is checked. */
function parameter(flag: string, placeholder: string, about: string): Flag<string | null> {
  const rest = { default: null, shown: 'none', expected: 'a value' };
  return { flag, placeholder, about, ...rest, parse: asItIs };
}

function asItIs(text: string): string {
  return text;
}

const flags: Flags<Values> = {
  out: path('out', 'FILE', 'where the digits go; its ending picks the format', null, 'no default'),
  number: parameter('number', 'DIGITS', 'a number, its digits side by side, as /number/2024'),
  count: parameter('count', 'N', 'how many digits, as a series'),
  seed: parameter('seed', 'S', 'the seed, any text; without it, a fresh one'),
  model: parameter('model', 'HASH', 'an earlier model, by 8 or more hex digits of its hash'),
  latent: parameter(
    'latent',
    'TEXT',
    'what it is drawn from, in place of a seed, as /digit?latent=',
  ),
  label: parameter('label', 'D', 'the class, by its number or its name'),
  raw: present('raw', 'the first candidate, however confident the classifier is'),
  scale: parameter('scale', 'N', 'how many pixels wide each pixel is'),
  cols: parameter('cols', 'N', 'digits in a row of the grid'),
  fg: parameter('fg', 'HEX', 'the colour of the ink'),
  bg: parameter('bg', 'HEX', 'the colour of the paper, or transparent'),
};

await runCommand(async () => {
  const { values, help } = parseFlags(flags, process.argv.slice(2));
  if (help) {
    process.stdout.write(helpText(USAGE, ABOUT, flags));
    return 0;
  }
  const { out, raw, model: named, ...parameters } = values;
  if (out === null) throw new UsageError("--out: missing, expected a file's name.");
  requireFolder(out);
  const model = named === null ? await loadCurrent() : await loadNamed(named);
  const { classes } = model.motif;
  const request = requestOf(extname(out), { ...parameters, raw: raw ? '1' : null }, classes);
  const stopSignal = listenForStop(() => {});
  const watch = {
    progress: createCounter(process.stderr, {
      total: request.count ?? 1,
      name: `${nounOf(model.motif)}s`,
    }),
    interrupted: () => stopSignal() !== undefined,
  };
  const said = request.headerOf
    ? await sampleData(model, request.headerOf, request, out, watch)
    : await sampleAnswer(model, request, out);
  process.stdout.write(`${said ?? 'Stopped; no file was written.'}\n`);
  return said === undefined ? exitCodeOf(stopSignal() ?? 'SIGINT') : 0;
});

function requireFolder(out: string): void {
  const folder = dirname(out);
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new Failure(`${folder}: found no such folder; make it first.`);
  }
}
