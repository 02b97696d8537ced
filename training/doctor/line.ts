/** The doctor's report: a line for each thing that was looked at. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** What the doctor says of one thing. */
export interface Line {
  /** What was looked at. */
  name: string;
  /** What was found, with its unit. */
  found: string;
  /** `ok`; `note`: it works, and could be better; `missing`: something does not work here. */
  verdict: 'ok' | 'note' | 'missing';
  /** What to do, or why it does not matter; nothing where all is well. */
  advice?: string;
}

/** `ok` where it is, or else a note with what to do. */
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

/** A line for a file that should be in the folder; nothing where it is. */
export function missing(folder: string, file: string, advice: string): Line[] {
  if (existsSync(join(folder, file))) return [];
  return [{ name: file, found: 'none', verdict: 'missing', advice }];
}
