/** The doctor's report: a line for each thing that it looks at. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** What the doctor says of one thing. */
export interface Line {
  /** What was looked at. */
  readonly name: string;
  /** What was found, with its unit. */
  readonly found: string;
  /** `ok`; `note`: it works but could be better; `missing`: something does not work here. */
  readonly verdict: 'ok' | 'note' | 'missing';
  /** What to do, or why it does not matter; nothing if all is well. */
  readonly advice?: string;
}

/** `ok` if all is well, else a note with what to do. */
export function judge(name: string, found: string, isWell: boolean, advice: string): Line {
  return isWell ? { name, found, verdict: 'ok' } : { name, found, verdict: 'note', advice };
}

/** A report of aligned lines. */
export function reportOf(lines: readonly Line[]): string {
  const nameWidth = longest(lines.map(({ name }) => name));
  const foundWidth = longest(lines.map(({ found }) => found));
  return lines
    .map(({ name, found, verdict, advice }) => {
      const end = advice === undefined ? verdict : `${verdict}: ${advice}`;
      return `${name.padEnd(nameWidth)}  ${found.padEnd(foundWidth)}  ${end}\n`;
    })
    .join('');
}

function longest(texts: string[]): number {
  return Math.max(...texts.map((text) => text.length));
}

/** A line for a file that is missing from the folder; none if it is there. */
export function missing(folder: string, file: string, advice: string): Line[] {
  if (existsSync(join(folder, file))) return [];
  return [{ name: file, found: 'none', verdict: 'missing', advice }];
}
