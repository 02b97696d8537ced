/** Which classes a data set has: whatever whole numbers occur, in ascending order, and what each is called. */

import { UsageError } from '../cli/failure.ts';
import { DatasetError, MAX_CLASSES } from './dataset.ts';
import { readFile } from './files.ts';
import type { DataOptions } from './options.ts';
import type { Labels } from './source.ts';

/** The classes that are kept. */
export interface Classes {
  /** In the order of their places. */
  readonly names: readonly string[];
  /** The place of each number among them. */
  readonly places: ReadonlyMap<number, number>;
}

/** Of a file of names, in bytes: a hundred long ones fit. */
const MAX_NAMES_BYTES = 1 << 16;

/**
 * @param path of the data, for messages
 * @throws DatasetError for labels that are no classes, UsageError for flags that do not fit them
 */
export function classesIn(
  path: string,
  { numbers, names: known }: Labels,
  { classes: wanted, classNames }: Pick<DataOptions, 'classes' | 'classNames'>,
): Classes {
  const occurring = [...new Set(Array.from(numbers))].toSorted((a, b) => a - b);
  const names =
    classNames === null
      ? occurring.map((number) => known?.[number] ?? `${number}`)
      : namesIn(classNames, occurring);
  const isKept = wanted === null ? () => true : choice(wanted, names);
  const kept = occurring.filter((_, place) => isKept(names[place]));
  if (kept.length > MAX_CLASSES) {
    throw new DatasetError(
      `${path}: found ${kept.length} classes, expected at most ${MAX_CLASSES}; --classes a,b,c takes a part of them.`,
    );
  }
  return {
    names: names.filter(isKept),
    places: new Map(kept.map((number, place) => [number, place])),
  };
}

/** @throws UsageError for a name that there is not */
function choice(wanted: string, names: readonly string[]): (name: string) => boolean {
  const chosen = new Set(wanted.split(',').map((name) => name.trim()));
  const unknown = [...chosen].find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(
      `--classes: found '${unknown}', expected some of ${names.slice(0, MAX_CLASSES).join(', ')}.`,
    );
  }
  return (name) => chosen.has(name);
}

/** @throws UsageError for a file that does not name the classes, once each */
function namesIn(path: string, occurring: readonly number[]): string[] {
  const file = readFile(path, ({ size }) => {
    if (size > MAX_NAMES_BYTES) throw complaint(`found ${size} bytes`, occurring);
  });
  const lines = new TextDecoder()
    .decode(file)
    .split(/\r?\n/)
    .map((line) => line.trim());
  while (lines.at(-1) === '') lines.pop();
  const twice = lines.find((line, place) => lines.indexOf(line) < place);
  if (lines.includes('')) throw complaint('found an empty line', occurring);
  if (twice !== undefined) throw complaint(`found '${twice}' twice`, occurring);
  if (lines.length !== occurring.length) throw complaint(`found ${lines.length} names`, occurring);
  return lines;
}

function complaint(found: string, occurring: readonly number[]): UsageError {
  const first = occurring.slice(0, 3).join(', ');
  const last = occurring.length > 3 ? ` … ${occurring.at(-1)}` : '';
  return new UsageError(
    `--class-names: ${found}, expected ${occurring.length} different names, one a line, of the classes ${first}${last}.`,
  );
}
