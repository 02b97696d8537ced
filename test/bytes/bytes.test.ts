import { expect, test } from 'vitest';

import { digests } from './engines.ts';

test('every engine draws the same digits', async () => {
  const [[, first], ...others] = Object.entries(await digests(300));
  expect(first).toMatch(/^[0-9a-f]{64}$/);
  for (const [engine, digest] of others) expect([engine, digest]).toEqual([engine, first]);
});
