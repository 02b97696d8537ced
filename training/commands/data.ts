/** `npm run data`: what a data set holds, as the networks will see it. Flags in, one call, exit code out. */

import { type Image, grid, magnify } from '../../src/encoders/pixels.ts';
import { encodePng } from '../../src/encoders/png/png.ts';
import { UsageError, runCommand } from '../cli/failure.ts';
import { writeAtomically } from '../cli/files.ts';
import { type Flags, helpText, parseFlags, path } from '../cli/flags.ts';
import type { Dataset } from '../data/dataset.ts';
import type { DataOptions, Parts } from '../data/options.ts';
import { readBoth } from '../data/read.ts';
import { dataFlags, readingFor } from './data-flags.ts';

const USAGE = 'npm run data -- --data PATH --out FILE.png';
const ABOUT =
  'Says what a data set holds, and draws the first picture of each class as the networks will see it; ' +
  'without classes, the first hundred.';

type Values = DataOptions & { readonly out: string | null };
const flags: Flags<Values> = {
  ...dataFlags,
  out: path('out', 'FILE', 'where the pictures go, a PNG', null, 'no default'),
};

const SCALE = 2;
const COLUMNS = 10;
const SHOWN = 100;

await runCommand(async () => {
  const { values, help } = parseFlags(flags, process.argv.slice(2));
  if (help) {
    process.stdout.write(helpText(USAGE, ABOUT, flags));
    return 0;
  }
  const { out } = values;
  if (out === null || !/\.png$/i.test(out)) {
    const found = out === null ? 'missing' : `found '${out}'`;
    throw new UsageError(`--out: ${found}, expected the name of a file that ends in .png.`);
  }
  const parts = await readBoth(values, readingFor(false));
  writeAtomically(out, encodePng(magnify(grid(shown(parts.train), COLUMNS), SCALE)));
  process.stdout.write(`${linesOf(parts).join('\n')}\n${out}: ${legendOf(parts.train)}\n`);
  return 0;
});

/** What there is to know, a line each. */
function linesOf({ train, test }: Parts): string[] {
  const { name, width, height, classes, sha256 } = train;
  return [
    `${name}: ${width} × ${height} pixels, ${train.count} pictures to learn from, ${test.count} to test on`,
    ...(classes.length === 0
      ? ['no classes: a generator of them is plain, and nothing reads what it draws']
      : classes.map((title, place) => {
          const [learned, tested] = [train, test].map((part) => countOf(part, place));
          return `class ${title === `${place}` ? place : `${place}, ${title}`}: ${learned} to learn from, ${tested} to test on`;
        })),
    `SHA-256 ${sha256}`,
  ];
}

function countOf({ labels }: Dataset, place: number): number {
  return labels?.reduce((count, label) => count + (label === place ? 1 : 0), 0) ?? 0;
}

/** The first picture of each class, or the first ones. */
function shown({ images, width, height, count, classes, labels }: Dataset): Image[] {
  const indices =
    labels === undefined
      ? Array.from({ length: Math.min(count, SHOWN) }, (_, index) => index)
      : classes.map((_, place) => labels.indexOf(place)).filter((index) => index >= 0);
  const size = width * height;
  return indices.map((index) => ({
    width,
    height,
    pixels: images.subarray(index * size, (index + 1) * size),
  }));
}

function legendOf({ classes, count }: Dataset): string {
  return classes.length === 0
    ? `the first ${Math.min(count, SHOWN)} pictures`
    : 'the first picture of each class';
}
