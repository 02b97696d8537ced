/** The attack on training: a run that is killed and resumed ends as one that is not. */

import { expect, test } from 'vitest';

import { kills } from '../../../training/attack/kills.ts';

test.skipIf(process.platform === 'win32')(
  'a kill while a checkpoint is written loses nothing',
  async () => {
    const found: string[] = [];
    const summary = await kills.run('test', 1, {
      found: (line) => found.push(line),
      done: () => {},
    });
    expect(found).toEqual([]);
    expect(summary).toMatch(
      /^[01] fell into the writing of a checkpoint; \d+ epochs? in the end\.$/,
    );
  },
);
