/** A short run of the attack by a long one. */

import { expect, test } from 'vitest';

import { steps } from '../../../training/attack/steps.ts';

test('steps leave nothing behind', async () => {
  const found: string[] = [];
  const summary = await steps.run('3', 60, {
    found: (line) => found.push(line),
    done: () => {},
  });
  expect(found).toEqual([]);
  expect(summary).toMatch(/^\d+ tensors, \d+ handles and files, memory [\d ]+ MiB\.$/);
});
