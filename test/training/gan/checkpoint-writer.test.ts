import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import { Random } from '../../../src/sampler/random.ts';
import { variablesOf } from '../../../training/backend/index.ts';
import { Failure } from '../../../training/cli/failure.ts';
import { CheckpointWriter } from '../../../training/gan/checkpoint-writer.ts';
import { newestCheckpoint } from '../../../training/gan/checkpoint.ts';
import { NotFiniteError } from '../../../training/gan/not-finite.ts';
import { START } from '../../../training/gan/position.ts';
import { step } from '../../../training/gan/step.ts';
import { type Trainer, createTrainer } from '../../../training/gan/trainer.ts';
import { temporaryFolder } from '../helpers.ts';
import { DATASET, SIZES, settingsOf } from './runs.ts';

beforeAll(() => tf.setBackend('cpu'));

const SETTINGS = settingsOf('run', { stepsPerEpoch: 100, ema: 0.9 });

function writerInto(folder: string) {
  const random = Random.fromString('checkpoint writer');
  const trainer = createTrainer(SETTINGS, random, { sizes: SIZES });
  const writer = new CheckpointWriter(folder, trainer);
  onTestFinished(() => writer.stop());
  let done = 0;
  const train = (steps: number): void => {
    for (let n = 0; n < steps; n++) step(trainer, DATASET, SETTINGS, random);
    done += steps;
  };
  const save = (): Promise<void> =>
    writer.save({
      settings: SETTINGS,
      datasetSha256: DATASET.sha256,
      position: { ...START, step: done },
      randomState: [...random.state],
    });
  return { writer, trainer, train, save };
}

function weightsOf({ gan, average }: Trainer): Record<string, string> {
  const models = [
    ['generator', gan.generator],
    ['discriminator', gan.discriminator],
    ['average', average?.generator ?? gan.generator],
  ] as const;
  return Object.fromEntries(
    models.flatMap(([name, model]) =>
      variablesOf(model).map((variable, i) => [
        `${name}.dense_${(i >> 1) + 1}.${i % 2 === 0 ? 'kernel' : 'bias'}`,
        hexOf(new Uint8Array((variable.dataSync() as Float32Array).slice().buffer)),
      ]),
    ),
  );
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

describe('a checkpoint', () => {
  test('holds the step at which it was saved, however far training has gone when it is written', async () => {
    const folder = temporaryFolder();
    const { writer, trainer, train, save } = writerInto(folder);
    train(2);
    const expected = weightsOf(trainer);
    await save();
    expect(writer.saved).toBeUndefined();
    train(2);
    await writer.settle();
    const { checkpoint } = newestCheckpoint(folder);
    const { path, position } = checkpoint ?? {};
    expect(writer.saved).toEqual({ path, position });
    expect(position?.step).toBe(2);
    const found = [...(checkpoint?.tensors ?? [])].map(([name, { data }]) => [name, hexOf(data)]);
    expect(Object.fromEntries(found)).toMatchObject(expected);
    expect(weightsOf(trainer)).not.toEqual(expected);
  });

  test('waits for the one before, and the newest two are kept', async () => {
    const folder = temporaryFolder();
    const { writer, train, save } = writerInto(folder);
    for (let n = 0; n < 4; n++) {
      train(1);
      await save();
      // All before it are whole by now.
      expect(writer.saved?.position.step).toBe(n === 0 ? undefined : n);
    }
    await writer.settle();
    expect(readdirSync(folder).toSorted()).toEqual([
      'step-000000003.safetensors',
      'step-000000004.safetensors',
    ]);
    expect(newestCheckpoint(folder).damaged).toEqual([]);
  });

  test('that is on its way is still written when the writer is told to stop', async () => {
    const folder = temporaryFolder();
    const { writer, train, save } = writerInto(folder);
    train(1);
    await save();
    await writer.stop();
    expect(newestCheckpoint(folder).checkpoint?.position.step).toBe(1);
  });

  test.each([
    ['a file where its folder should be', (folder: string) => writeFileSync(folder, '')],
    [
      'a folder where it should be',
      (folder: string) =>
        mkdirSync(join(folder, 'step-000000001.safetensors'), { recursive: true }),
    ],
  ])('that cannot be written for %s is said where training goes on', async (_, prepare) => {
    const folder = join(temporaryFolder(), 'checkpoints');
    prepare(folder);
    const { writer, train, save } = writerInto(folder);
    train(1);
    await save();
    await expect(writer.settle()).rejects.toThrow(Failure);
    await expect(writer.settle()).rejects.toThrow(folder);
    expect(() => writer.check()).toThrow(Failure);
    await expect(save()).rejects.toThrow(Failure);
    expect(writer.saved).toBeUndefined();
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'with a weight of %d is not written',
    async (number) => {
      const folder = temporaryFolder();
      const { writer, trainer, train, save } = writerInto(folder);
      train(1);
      const bias = variablesOf(trainer.gan.generator)[1];
      const numbers = (bias.dataSync() as Float32Array).slice();
      numbers[numbers.length - 1] = number;
      bias.assign(tf.tensor(numbers, bias.shape));
      await save();
      await expect(writer.settle()).rejects.toThrow(NotFiniteError);
      expect(() => writer.check()).toThrow('generator.dense_1.bias has a number');
      expect(readdirSync(folder)).toEqual([]);
    },
  );
});
