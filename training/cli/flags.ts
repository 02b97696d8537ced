/**
 * Reads a command line by a table of flags. Whatever is wrong becomes one line and exit code 2.
 * It knows no particular command: the tables are with the commands.
 */

import { parseArgs } from 'node:util';

import { UsageError } from './failure.ts';

/** One flag: how its text becomes a value, and what `--help` says about it. */
export interface Flag<Value> {
  /** Without the dashes, e.g. `batch-size`. */
  readonly flag: string;
  /** The placeholder in `--help`, e.g. `N`; undefined for a switch, which takes no value. */
  readonly placeholder: string | undefined;
  readonly default: Value;
  /** How `--help` shows the default, if not as it is. */
  readonly shown?: string;
  /** What it sets, with its unit. */
  readonly about: string;
  /** What is expected, to follow the word "expected". */
  readonly expected: string;
  /** The value, or undefined if the text is not what is expected. */
  readonly parse: (text: string) => Value | undefined;
}

/** A table of flags: each setting's name with its flag. */
export type Flags<Values> = { readonly [Name in keyof Values]: Flag<Values[Name]> };

/** What a command line says. */
export interface Parsed<Values> {
  readonly values: Values;
  /** The settings that the command line names; the others have their defaults. */
  readonly given: ReadonlySet<keyof Values>;
  /** `--help` was given: nothing else was looked at. */
  readonly help: boolean;
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
      throw new UsageError(`Found '${token.value}', expected flags only; --help lists them all.`);
    }
    const name = byFlag.get(token.name);
    if (name === undefined || !token.rawName.startsWith('--')) {
      throw new UsageError(`${token.rawName}: no such flag; --help lists them all.`);
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

/** The arguments from which `parseFlags` reads these settings again, for a command that calls another one. */
export function argumentsOf<Values>(
  flags: Flags<Values>,
  values: Values,
  names: Iterable<keyof Values>,
): string[] {
  return [...names].flatMap((name) => {
    const { flag, placeholder, default: preset } = flags[name];
    const value = values[name];
    if (placeholder === undefined) return value === preset ? [] : [`--${flag}`];
    return value === null ? [] : [`--${flag}`, String(value)];
  });
}

/** The text of `--help`: a usage line, what the command does, and a line for each flag. */
export function helpText<Values extends object>(
  usage: string,
  about: string,
  flags: Flags<Values>,
): string {
  const rows = Object.values<Flag<unknown>>(flags).map((flag) => {
    const name = flag.placeholder === undefined ? flag.flag : `${flag.flag} ${flag.placeholder}`;
    const shown = flag.shown ?? (flag.placeholder === undefined ? undefined : String(flag.default));
    return [`--${name}`, shown === undefined ? flag.about : `${flag.about} (${shown})`];
  });
  rows.push(['--help', 'this text']);
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`);
  return [`Usage: ${usage}`, '', about, '', ...lines, ''].join('\n');
}

/** What a flag for a whole number sets. */
export interface WholeNumber {
  readonly about: string;
  readonly default: number;
  readonly min: number;
  readonly max: number;
}

/** A flag that takes a whole number within bounds. */
export function wholeNumber(flag: string, setting: WholeNumber): Flag<number> {
  const { about, min, max } = setting;
  const parse = (text: string): number | undefined => {
    const number = /^[0-9]+$/.test(text) ? Number(text) : Number.NaN;
    return number >= min && number <= max ? number : undefined;
  };
  const expected = `a whole number from ${min} to ${max}`;
  return { flag, placeholder: 'N', default: setting.default, about, expected, parse };
}

/** What a flag for a real number sets. */
export interface RealNumber {
  readonly about: string;
  readonly default: number;
  readonly allows: (number: number) => boolean;
  /** What it allows, in words, to follow the word "expected". */
  readonly expected: string;
}

/** A flag that takes a real number. */
export function realNumber(
  flag: string,
  setting: RealNumber,
  shown = String(setting.default),
): Flag<number> {
  const { about, allows, expected } = setting;
  const parse = (text: string): number | undefined => {
    const number = /^[0-9]*\.?[0-9]+(e[-+]?[0-9]+)?$/i.test(text) ? Number(text) : Number.NaN;
    return allows(number) ? number : undefined;
  };
  return { flag, placeholder: 'X', default: setting.default, shown, about, expected, parse };
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

/** A flag that takes one of a few words; there is no default. */
export function oneOf<Word extends string>(
  flag: string,
  words: readonly Word[],
  about: string,
): Flag<Word | null> {
  const parse = (text: string) => words.find((word) => word === text);
  const expected = `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
  const placeholder = words.join('|');
  return { flag, placeholder, default: null, shown: 'no default', about, expected, parse };
}
