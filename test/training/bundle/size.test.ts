/** A budget for the Worker's bundle, so that it does not grow unnoticed. */

import { expect, test } from 'vitest';

import { bundle, sizeOf } from '../../../training/bundle/worker.ts';

/** What the bundle took at version 0.2.0, nearly all of it weights. */
const GZIPPED_BYTES = 1_457_605;

test('gzipped, the bundle takes at most 2 % more than in version 0.2.0', async () => {
  const { gzipBytes } = sizeOf(await bundle());
  expect(gzipBytes).toBeLessThanOrEqual(GZIPPED_BYTES * 1.02);
});
