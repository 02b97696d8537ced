/** The sampler's kernel in the process of a training. */

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { expect, test } from 'vitest';

/** Where the training backend is, V8 joins 128-bit operations in every function that it optimizes. */
const FLAG = '--experimental-wasm-revectorize';
const script = join(import.meta.dirname, 'engine-optimized.ts');

/** Other processors' V8 has no such flag. */
test.skipIf(process.arch !== 'x64').each(['relaxed', 'plain'])(
  'the kernel with %s SIMD draws and classifies as ever once V8 has joined its operations',
  (build) => {
    const [joined, separate] = [[FLAG], []].map((flags) =>
      spawnSync(process.execPath, [...flags, script, build], { encoding: 'utf8' }),
    );
    expect(joined).toMatchObject({ status: 0, stderr: '' });
    expect(joined.stdout).toMatch(/^[0-9a-f]{64}\n$/);
    expect(joined.stdout).toBe(separate.stdout);
  },
);
