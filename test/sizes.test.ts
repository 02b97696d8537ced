/** Sizes of pictures come from data and models: no code but the recipe's defaults knows those of MNIST. */

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
/** The defaults of the recipe and of the pictures' size, and a chart's margin, which is as wide as it is. */
const ALLOWED = ['training/gan/recipe.ts', 'training/gan/chart.ts', 'training/data/options.ts'];

test('no code has the width or the number of pixels of a digit in it', () => {
  const files = globSync('{src,training}/**/*.{ts,html}', { cwd: ROOT });
  const found = files.filter((file) => {
    const code = readFileSync(join(ROOT, file), 'utf8')
      .replaceAll(/\/\*[\s\S]*?\*\//g, '')
      .replaceAll(/\/\/.*$/gm, '');
    return /(?<![\w.])(?:28|784)(?![\w.])/.test(code);
  });
  expect(found.map((file) => file.replaceAll('\\', '/')).toSorted()).toEqual(ALLOWED.toSorted());
});
