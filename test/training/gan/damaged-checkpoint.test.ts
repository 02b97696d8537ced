/** A byte that is not as it was written, anywhere in a checkpoint: it is found, whatever it means there. */

import { readFileSync, writeFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { newestCheckpoint, writeCheckpoint } from '../../../training/gan/checkpoint.ts';
import { START } from '../../../training/gan/position.ts';
import { temporaryFolder } from '../helpers.ts';
import { settingsOf } from './runs.ts';

test('one bit off in any byte of a checkpoint is damage', () => {
  const folder = temporaryFolder();
  const data = Float32Array.from({ length: 40 }, (_, i) => Math.sin(i));
  const path = writeCheckpoint(folder, [{ name: 'w', dtype: 'F32', shape: [8, 5], data }], {
    settings: settingsOf('run'),
    datasetSha256: 'of noise',
    position: START,
    randomState: [1, 2, 3, 4],
    iterations: { generator: 1, discriminator: 1 },
  });
  const whole = readFileSync(path);
  expect(newestCheckpoint(folder).damaged).toEqual([]);
  const unnoticed = [...whole.keys()].filter((at) => {
    const bytes = Buffer.from(whole);
    bytes[at] ^= 1 << (at % 8);
    writeFileSync(path, bytes);
    return newestCheckpoint(folder).checkpoint !== undefined;
  });
  expect(unnoticed).toEqual([]);
});
