import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';

import { Random } from '../../../src/sampler/random.ts';
import { parseSafetensors } from '../../../src/weights/safetensors.ts';
import { CheckpointWriter } from '../../../training/gan/checkpoint-writer.ts';
import { type Checkpoint, setAside } from '../../../training/gan/checkpoint.ts';
import { openRun } from '../../../training/gan/existing-run.ts';
import { train } from '../../../training/gan/loop.ts';
import type { Settings } from '../../../training/gan/recipe.ts';
import { restoreTrainer } from '../../../training/gan/trainer-tensors.ts';
import { createTrainer } from '../../../training/gan/trainer.ts';
import { temporaryFolder } from '../helpers.ts';
import {
  DATASET,
  SIZES,
  after,
  conditional,
  crashAfter,
  metricsOf,
  resultOf,
  resumed,
  runOf,
  settingsOf,
} from './runs.ts';

beforeAll(() => tf.setBackend('cpu'));

describe('a conditional run', () => {
  test('that was stopped and resumed ends as an unbroken one, and its file says ten classes', async () => {
    const [unbroken, stopped] = [temporaryFolder(), temporaryFolder()];
    await train(conditional(unbroken));
    expect(await train({ ...conditional(stopped), interrupted: after(4) })).toBe(false);
    const { settings, checkpoint } = openRun(stopped);
    expect(settings.conditional).toBe(true);
    expect(await train({ ...conditional(stopped), settings, checkpoint })).toBe(true);
    expect(resultOf(stopped)).toEqual(resultOf(unbroken));
    const bytes = readFileSync(join(stopped, 'generator.safetensors'));
    expect(parseSafetensors(bytes).metadata).toMatchObject({ classes: '10', sizes: '[15,8,784]' });
  });
});

describe('a resumed run', () => {
  test.each([
    ['in the middle of an epoch', 4],
    ['in the middle of the last epoch', 8],
    ['after a whole epoch', 6],
    ['before its first step', 0],
  ])('that was stopped %s ends as an unbroken one, to the last bit', async (_, steps) => {
    const [unbroken, stopped] = [temporaryFolder(), temporaryFolder()];
    await train(runOf(unbroken));
    expect(await train({ ...runOf(stopped), interrupted: after(steps) })).toBe(false);
    expect(existsSync(join(stopped, 'generator.safetensors'))).toBe(false);
    const { position } = openRun(stopped).checkpoint ?? {};
    expect(position).toMatchObject({ epoch: Math.floor(steps / 3), step: steps % 3 });

    expect(await train(resumed(stopped))).toBe(true);
    expect(resultOf(stopped)).toEqual(resultOf(unbroken));
  });

  test('with a running average and falling learning rates ends as an unbroken one, to the last bit', async () => {
    const [unbroken, stopped] = [temporaryFolder(), temporaryFolder()];
    const settings = { ema: 0.9, lrDecay: 0.7 };
    await train(runOf(unbroken, settings));
    let done = await train({ ...runOf(stopped, settings), interrupted: after(4) });
    while (!done) done = await train({ ...resumed(stopped), interrupted: after(2) });
    expect(resultOf(stopped)).toEqual(resultOf(unbroken));
    const { tensors } = openRun(stopped).checkpoint as Checkpoint;
    expect([...tensors.keys()].filter((name) => name.startsWith('average'))).toEqual([
      'average.dense_1.kernel',
      'average.dense_1.bias',
      'average.dense_2.kernel',
      'average.dense_2.bias',
    ]);
  });

  test('of a version without averages and falling rates goes on without', async () => {
    const [unbroken, old] = [temporaryFolder(), temporaryFolder()];
    await train(runOf(unbroken));
    await train({ ...runOf(old), interrupted: after(4) });
    await rewriteAsEarlierVersion(old);
    expect(openRun(old).settings).toEqual(settingsOf(old));
    expect(await train(resumed(old))).toBe(true);
    expect(resultOf(old)).toEqual(resultOf(unbroken));
  });

  test('that was stopped again and again ends as an unbroken one', async () => {
    const [unbroken, stopped] = [temporaryFolder(), temporaryFolder()];
    await train(runOf(unbroken));
    let done = await train({ ...runOf(stopped), interrupted: after(1) });
    while (!done) done = await train({ ...resumed(stopped), interrupted: after(1) });
    expect(resultOf(stopped)).toEqual(resultOf(unbroken));
  });

  test('with more epochs ends as one that had them from the start', async () => {
    const [unbroken, raised] = [temporaryFolder(), temporaryFolder()];
    await train(runOf(unbroken, { epochs: 4 }));
    await train(runOf(raised, { epochs: 2 }));
    await train(resumed(raised, { epochs: 4 }));
    expect(resultOf(raised)).toEqual(resultOf(unbroken));
    const config = JSON.parse(readFileSync(join(raised, 'config.json'), 'utf8')) as Settings;
    expect(config.epochs).toBe(4);
  });

  test('remembers more epochs through a crash right after they were asked for', async () => {
    const out = temporaryFolder();
    await train(runOf(out, { epochs: 1 }));
    const more = { ...resumed(out, { epochs: 3 }), progress: crashAfter(1) };
    await expect(train(more)).rejects.toThrow('power cut');
    expect(openRun(out).settings.epochs).toBe(3);
  });

  test('cuts the metrics back to its checkpoint', async () => {
    const [unbroken, crashed] = [temporaryFolder(), temporaryFolder()];
    await train(runOf(unbroken, { epochs: 4 }));
    const settings = { epochs: 4, checkpointEvery: 2 };
    await expect(train(runOf(crashed, settings, crashAfter(10)))).rejects.toThrow('power cut');
    expect(metricsOf(crashed)).toHaveLength(3);
    appendFileSync(join(crashed, 'metrics.jsonl'), '{"epoch":4,"st');
    await expect(train({ ...resumed(crashed), progress: crashAfter(1) })).rejects.toThrow('power');
    expect(metricsOf(crashed)).toHaveLength(2);
    await train(resumed(crashed));
    expect(resultOf(crashed).metrics).toEqual(resultOf(unbroken).metrics);
    expect(resultOf(crashed).previews).toEqual(resultOf(unbroken).previews);
  });

  test('that crashed in its first epoch starts again from its first weights', async () => {
    const [unbroken, crashed] = [temporaryFolder(), temporaryFolder()];
    await train(runOf(unbroken, { seed: 8 }));
    await expect(train(runOf(crashed, { seed: 8 }, crashAfter(2)))).rejects.toThrow('power cut');
    const { settings, checkpoint } = openRun(crashed);
    expect(settings).toEqual(settingsOf(crashed, { seed: 8 }));
    expect(checkpoint?.position).toMatchObject({ epoch: 0, step: 0 });
    await train(resumed(crashed));
    expect(resultOf(crashed)).toEqual(resultOf(unbroken));
  });

  test('that crashed before any checkpoint was whole starts from the beginning, and says so', async () => {
    const [unbroken, crashed] = [temporaryFolder(), temporaryFolder()];
    await train(runOf(unbroken, { seed: 8 }));
    await expect(train(runOf(crashed, { seed: 8 }, crashAfter(1)))).rejects.toThrow('power cut');
    rmSync(join(crashed, 'checkpoints'), { recursive: true });
    expect(openRun(crashed)).toEqual({
      settings: settingsOf(crashed, { seed: 8 }),
      checkpoint: undefined,
      datasetSha256: DATASET.sha256,
      damaged: [],
      notes: [`${crashed}: found no checkpoint yet, so the run starts from the beginning.`],
    });
    await train(resumed(crashed));
    expect(resultOf(crashed)).toEqual(resultOf(unbroken));
  });

  test('whose checkpoints are gone does not start over by itself', async () => {
    const out = temporaryFolder();
    await train(runOf(out));
    rmSync(join(out, 'checkpoints'), { recursive: true });
    expect(() => openRun(out)).toThrow(/found no checkpoint, though .*metrics.jsonl has 3 epochs$/);
  });

  test('keeps the metrics of the epochs until its checkpoint, whatever order they are in', async () => {
    const [unbroken, out] = [temporaryFolder(), temporaryFolder()];
    await train(runOf(unbroken, { epochs: 4 }));
    await train(runOf(out, { epochs: 2 }));
    const path = join(out, 'metrics.jsonl');
    const [first, second] = readFileSync(path, 'utf8').split('\n');
    const wrong = ['', '{"epoch":1}', 'null', first.replace('"epoch":1', '"epoch":7')];
    writeFileSync(
      path,
      [...wrong, second, first.replace(/"step":\d+/, '"step":0'), first].join('\n'),
    );
    await train(resumed(out, { epochs: 4 }));
    expect(resultOf(out).metrics).toEqual(resultOf(unbroken).metrics);
  });

  test('that is done already stays as it is', async () => {
    const out = temporaryFolder();
    await train(runOf(out));
    const before = resultOf(out);
    expect(await train(resumed(out))).toBe(true);
    expect(resultOf(out)).toEqual(before);
  });

  test.each([
    ['cut off', (path: string) => truncateSync(path, 5000)],
    ['empty', (path: string) => truncateSync(path, 0)],
    ['a bit off', (path: string) => flipBit(path, 20_000)],
    ['a bit off in its last byte', (path: string) => flipBit(path, -1)],
    [
      'a folder',
      (path: string) => {
        rmSync(path);
        mkdirSync(path);
      },
    ],
    ['of another kind', (path: string) => writeFileSync(path, 'not a checkpoint')],
  ])('whose newest checkpoint is %s goes on from the one before', async (_, damage) => {
    const [unbroken, damaged] = [temporaryFolder(), temporaryFolder()];
    await train(runOf(unbroken));
    await train(runOf(damaged));
    const newest = openRun(damaged).checkpoint?.path ?? '';
    damage(newest);
    const found = openRun(damaged);
    expect(found.checkpoint?.position.epoch).toBe(2);
    expect(found.damaged.map(({ path }) => path)).toEqual([newest]);
    setAside(found.damaged);
    await train(resumed(damaged));
    expect(resultOf(damaged)).toEqual(resultOf(unbroken));
    expect(existsSync(`${newest}.damaged`)).toBe(true);
  });

  test('with no whole checkpoint is refused and left alone', async () => {
    const out = temporaryFolder();
    await train(runOf(out, { epochs: 1 }));
    const checkpoints = join(out, 'checkpoints');
    for (const name of readdirSync(checkpoints)) truncateSync(join(checkpoints, name), 100);
    const before = resultOf(out);
    expect(() => openRun(out)).toThrow(/damaged/);
    expect(resultOf(out)).toEqual(before);
  });
});

/** Writes the newest checkpoint again as a version wrote it that had neither averages nor falling rates. */
async function rewriteAsEarlierVersion(out: string): Promise<void> {
  const checkpoint = openRun(out).checkpoint as Checkpoint;
  const { lrDecay: _, ema: __, latentScale: ___, ...settings } = checkpoint.settings;
  const trainer = createTrainer(checkpoint.settings, Random.fromString('any'), { sizes: SIZES });
  await restoreTrainer(trainer, checkpoint);
  const { datasetSha256, position, randomState } = checkpoint;
  const state = { settings: settings as Settings, datasetSha256, position, randomState };
  const checkpoints = new CheckpointWriter(join(out, 'checkpoints'), trainer);
  await checkpoints.save(state);
  await checkpoints.stop();
  const { metadata } = parseSafetensors(readFileSync(checkpoint.path));
  expect(metadata['state']).not.toMatch(/ema|lrDecay|latentScale/);
}

function flipBit(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at < 0 ? bytes.length + at : at] ^= 1;
  writeFileSync(path, bytes);
}
