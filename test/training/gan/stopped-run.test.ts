import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';

import { openRun } from '../../../training/gan/existing-run.ts';
import { train } from '../../../training/gan/loop.ts';
import type { Settings } from '../../../training/gan/recipe.ts';
import { temporaryFolder } from '../helpers.ts';
import { after, metricsOf, resumed, runOf } from './runs.ts';

beforeAll(() => tf.setBackend('cpu'));

/** Previews are due after epochs 1, 5, 10 … and the last. */
const SETTINGS = { epochs: 6, sampleEvery: 5 };

function shownIn(out: string): string[] {
  const [previews, snapshots] = ['samples', 'snapshots'].map((folder) =>
    readdirSync(join(out, folder)).map((name) => name.replace(/\..*$/, '')),
  );
  expect(snapshots).toEqual(previews);
  return previews;
}

function eventsOf(out: string): Buffer {
  const name = readdirSync(out).find((file) => file.startsWith('events')) ?? '';
  return readFileSync(join(out, name));
}

describe('a run that is stopped', () => {
  test('in an epoch shows it as far as it is, and as a whole once it is', async () => {
    const [unbroken, stopped] = [temporaryFolder(), temporaryFolder()];
    await train(runOf(unbroken, { ...SETTINGS, sampleEvery: 1 }));
    await train({ ...runOf(stopped, SETTINGS), interrupted: after(7) });
    expect(shownIn(stopped)).toEqual(['epoch-0001', 'epoch-0003']);
    const name = join('samples', 'epoch-0003.png');
    const whole = readFileSync(join(unbroken, name));
    expect(readFileSync(join(stopped, name))).not.toEqual(whole);
    await train(resumed(stopped));
    expect(shownIn(stopped)).toEqual(['epoch-0001', 'epoch-0003', 'epoch-0005', 'epoch-0006']);
    expect(readFileSync(join(stopped, name))).toEqual(whole);
  });

  test('between two epochs shows the one that has ended', async () => {
    const out = temporaryFolder();
    await train({ ...runOf(out, SETTINGS), interrupted: after(6) });
    expect(shownIn(out)).toEqual(['epoch-0001', 'epoch-0002']);
  });

  test('has a report of all epochs until then, with its pictures', async () => {
    const out = temporaryFolder();
    await train({ ...runOf(out, SETTINGS), interrupted: after(7) });
    const report = readFileSync(join(out, 'report.html'), 'utf8');
    expect(report).toContain('epoch 2 of 6');
    expect(report).toContain('<figcaption>epoch 3</figcaption>');
  });

  test('has events of the same epochs as metrics, also after a resumption that cuts them back', async () => {
    const out = temporaryFolder();
    const settings = { ...SETTINGS, checkpointEvery: 4 };
    await train(runOf(out, settings));
    const events = eventsOf(out);
    const files = readdirSync(join(out, 'checkpoints')).toSorted();
    // As if the run had crashed in its sixth epoch: the newest checkpoint is that of the fourth.
    writeFileSync(join(out, 'checkpoints', files[1]), '');
    await train({ ...resumed(out), interrupted: after(0) });
    expect(metricsOf(out)).toHaveLength(4);
    const cut = eventsOf(out);
    expect(cut).toEqual(events.subarray(0, cut.length));
    expect(cut.toString('latin1').split('loss/generator')).toHaveLength(1 + 4);
  });
});

describe('a run that goes on otherwise', () => {
  test('with fewer epochs ends earlier, and remembers it', async () => {
    const out = temporaryFolder();
    await train({ ...runOf(out, SETTINGS), interrupted: after(7) });
    await train({ ...resumed(out, { epochs: 4 }), interrupted: after(1) });
    expect(openRun(out).settings.epochs).toBe(4);
    expect(await train(resumed(out))).toBe(true);
    expect(metricsOf(out)).toHaveLength(4);
  });

  test('remembers what else was asked for, from before its next checkpoint', async () => {
    const out = temporaryFolder();
    await train({ ...runOf(out, SETTINGS), interrupted: after(7) });
    const changes: Partial<Settings> = { sampleEvery: 3, checkpointEvery: 2, evaluateEvery: 9 };
    await train({ ...resumed(out, changes), interrupted: after(0) });
    expect(openRun(out).settings).toMatchObject(changes);
  });
});
