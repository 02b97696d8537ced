/**
 * Reads a command line by a table of flags: one line and exit code 2 for whatever is wrong.
 * It knows no particular command; the tables are beside the commands.
 */

import { parseArgs } from 'node:util';

import { UsageError } from './failure.ts';

/** One flag: how its text becomes a value, and what `--help` says about it. */
export interface Flag<Value> {
  /** Without the dashes, e.g. `batch-size`. */
  flag: string;
  /** The placeholder in `--help`, e.g. `N`; undefined for a switch, which takes no value. */
  placeholder: string | undefined;
  default: Value;
  /** How `--help` shows the default; left out where there is nothing to show. */
  shown?: string;
  /** What it sets, with its unit. */
  about: string;
  /** What is expected, as it completes "expected …". */
  expected: string;
  /** The value, or undefined where the text is not what is expected. */
  parse(text: string): Value | undefined;
}

/** A table of flags: the names of the settings, each with its flag. */
export type Flags<Values> = { [Name in keyof Values]: Flag<Values[Name]> };

/** What a command line says. */
export interface Parsed<Values> {
  values: Values;
  /** The settings that were named on the command line, so not defaults. */
  given: ReadonlySet<keyof Values>;
  /** `--help` was there: nothing else was looked at. */
  help: boolean;
}

/** @throws UsageError naming the flag, what was found and what is expected. */
export function parseFlags<Values extends object>(
  flags: Flags<Values>,
  argv: readonly string[],
): Parsed<Values> {
  const names = Object.keys(flags) as (keyof Values)[];
  const byFlag = new Map(names.map((name) => [flags[name].flag, name]));
  const values = Object.fromEntries(names.map((name) => [name, flags[name].default])) as Values;
  const given = new Set<keyof Values>();
  const options = Object.fromEntries(
    names.map((name) => {
      const type = flags[name].placeholder === undefined ? 'boolean' : 'string';
      return [flags[name].flag, { type } as const];
    }),
  );
  if (argv.includes('--help') || argv.includes('-h')) return { values, given, help: true };

  // Not strict: parseArgs's own errors take several lines and do not say what is expected.
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') {
      throw new UsageError(`Found '${token.value}', expected flags only; --help lists them.`);
    }
    const name = byFlag.get(token.name);
    if (name === undefined || !token.rawName.startsWith('--')) {
      throw new UsageError(`${token.rawName}: no such flag; --help lists those there are.`);
    }
    const flag = flags[name];
    values[name] = valueOf(flag, token.value, token.inlineValue ?? false);
    given.add(name);
  }
  return { values, given, help: false };
}

function valueOf<Value>(flag: Flag<Value>, text: string | undefined, inline: boolean): Value {
  if (flag.placeholder === undefined) {
    if (text !== undefined) {
      throw new UsageError(`--${flag.flag}: found '${text}', expected no value.`);
    }
    return flag.parse('') as Value;
  }
  if (text === undefined || (!inline && text.startsWith('--'))) {
    throw new UsageError(`--${flag.flag}: found no value, expected ${flag.expected}.`);
  }
  const value = flag.parse(text);
  if (value === undefined) {
    throw new UsageError(`--${flag.flag}: found '${text}', expected ${flag.expected}.`);
  }
  return value;
}

/** The text of `--help`: the usage line, what the command does, one line a flag. */
export function helpText<Values extends object>(
  usage: string,
  about: string,
  flags: Flags<Values>,
): string {
  const rows = (Object.values(flags) as Flag<unknown>[]).map((flag) => {
    const name = flag.placeholder === undefined ? flag.flag : `${flag.flag} ${flag.placeholder}`;
    const shown = flag.shown ?? (flag.placeholder === undefined ? undefined : String(flag.default));
    return [`--${name}`, shown === undefined ? flag.about : `${flag.about} (${shown})`];
  });
  rows.push(['--help', 'this text']);
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`);
  return [`Usage: ${usage}`, '', about, '', ...lines, ''].join('\n');
}

/** A flag that takes a whole number within bounds. */
export function wholeNumber(
  flag: string,
  about: string,
  value: number,
  [least, most]: readonly [number, number],
): Flag<number> {
  const parse = (text: string) => {
    const number = /^[0-9]+$/.test(text) ? Number(text) : Number.NaN;
    return number >= least && number <= most ? number : undefined;
  };
  const expected = `a whole number from ${least} to ${most}`;
  return { flag, placeholder: 'N', default: value, about, expected, parse };
}

/** A flag that takes a real number: what is within, and how the bounds read. */
export function realNumber(
  flag: string,
  about: string,
  value: number,
  [within, expected]: readonly [(number: number) => boolean, string],
  shown?: string,
): Flag<number> {
  const parse = (text: string) => {
    const number = /^[0-9]*\.?[0-9]+(e[-+]?[0-9]+)?$/i.test(text) ? Number(text) : Number.NaN;
    return within(number) ? number : undefined;
  };
  const base = { flag, placeholder: 'X', default: value, about, expected, parse };
  return shown === undefined ? base : { ...base, shown };
}

/** A flag that takes a path. */
export function path<Default extends string | null>(
  flag: string,
  placeholder: string,
  about: string,
  value: Default,
  shown: string,
): Flag<string | Default> {
  return { flag, placeholder, default: value, shown, about, expected: 'a path', parse: nonEmpty };
}

function nonEmpty(text: string): string | undefined {
  return text === '' ? undefined : text;
}

/** A switch: absent or present. */
export function present(flag: string, about: string, value = false): Flag<boolean> {
  const parse = () => !value;
  return { flag, placeholder: undefined, default: value, about, expected: 'no value', parse };
}
