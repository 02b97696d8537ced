import { expect, test } from 'vitest';

import { digests } from './engines.ts';

/** Two browsers start, one after the other, on machines that may be busy. */
const TIMEOUT_MS = 300_000;

test('every engine draws the same digits', { timeout: TIMEOUT_MS }, async () => {
  const [[, first], ...others] = Object.entries(await digests(300));
  expect(first).toMatch(/^[0-9a-f]{64}$/);
  for (const [engine, digest] of others) expect([engine, digest]).toEqual([engine, first]);
});
