/** V8 may join the kernels' operations, or not: a choice of the engine that no result may show. */

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { expect, test } from 'vitest';

const run = promisify(execFile);
const script = join(import.meta.dirname, 'optimized.ts');

/** Other processors' V8 has no such flag. */
test.skipIf(process.arch !== 'x64').each(['relaxed', 'plain'])(
  'training with %s SIMD ends with the same weights whether V8 joins operations or not',
  async (build) => {
    const ask = (choice: string) => run(process.execPath, [script, build, choice]);
    const [joined, separate] = await Promise.all([ask('joined'), ask('separate')]);
    expect(joined.stdout).toMatch(/^[0-9a-f]{64}\n$/);
    expect(joined.stdout).toBe(separate.stdout);
  },
);
