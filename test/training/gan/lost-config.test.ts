/** A run whose config.json is lost or wrong: its checkpoint says what the configuration was. */

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';

import { openRun, requireNoRun, requireRun } from '../../../training/gan/existing-run.ts';
import { train } from '../../../training/gan/loop.ts';
import { temporaryFolder } from '../helpers.ts';
import { after, resultOf, resumed, runOf, settingsOf } from './runs.ts';

beforeAll(() => tf.setBackend('cpu'));

test.each([
  ['lost', (path: string) => rmSync(path)],
  ['empty', (path: string) => writeFileSync(path, '')],
  ['of another program', (path: string) => writeFileSync(path, '{"epochs":"ten"}')],
  [
    'a folder',
    (path: string) => {
      rmSync(path);
      mkdirSync(path);
    },
  ],
])(
  'a run whose config.json is %s goes on as its checkpoint says, and says so',
  async (_, spoil) => {
    const [unbroken, out] = [temporaryFolder(), temporaryFolder()];
    await train(runOf(unbroken, { seed: 9 }));
    await train({ ...runOf(out, { seed: 9 }), interrupted: after(4) });
    const path = join(out, 'config.json');
    spoil(path);
    expect(() => requireRun(out)).not.toThrow();
    expect(() => requireNoRun(out)).toThrow('found a run');
    const { settings, notes } = openRun(out);
    expect(settings).toEqual(settingsOf(out, { seed: 9 }));
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(
      /config\.json: found no settings .*; going on with the settings in .*step-000000004/,
    );

    rmSync(path, { recursive: true, force: true });
    await train(resumed(out));
    expect(resultOf(out)).toEqual(resultOf(unbroken));
    expect(openRun(out)).toMatchObject({ settings: settingsOf(out, { seed: 9 }), notes: [] });
  },
);
