/** What docs/library.md shows, for tests to run it. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from './installed.ts';

const text = readFileSync(join(ROOT, 'docs/library.md'), 'utf8');

/** The program below a heading. */
export function exampleBelow(heading: string): string {
  const section = text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`));
  const [, program] = /```\w+\n(.*?)```/s.exec(section ?? '') ?? [];
  if (program === undefined) throw new Error(`docs/library.md has no example “${heading}”`);
  return program;
}

/** The table of sizes: what is imported, and how many kB that takes at most. */
export function sizes(): readonly (readonly [code: string, maxKb: number])[] {
  const rows = text.matchAll(/^\| `(import [^`]+)` \| ([0-9.]+) kB/gm);
  return Array.from(rows, ([, code, maxKb]) => [code, Number(maxKb)] as const);
}
