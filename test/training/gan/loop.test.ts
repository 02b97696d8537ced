import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';

import { encodePng } from '../../../src/encoders/png/png.ts';
import { Random } from '../../../src/sampler/random.ts';
import { FusedAdam } from '../../../training/backend/index.ts';
import type { Failure } from '../../../training/cli/failure.ts';
import { type Checkpoint, newestCheckpoint } from '../../../training/gan/checkpoint.ts';
import { openRun } from '../../../training/gan/existing-run.ts';
import { serializeGenerator } from '../../../training/gan/generator-file.ts';
import { train } from '../../../training/gan/loop.ts';
import { NotFiniteError } from '../../../training/gan/not-finite.ts';
import { drawPreview, previewLatents } from '../../../training/gan/preview.ts';
import { recipeOf } from '../../../training/gan/recipe.ts';
import { restoreTrainer } from '../../../training/gan/trainer-tensors.ts';
import { createTrainer } from '../../../training/gan/trainer.ts';
import { temporaryFolder } from '../helpers.ts';
import { DATASET, SILENT, SIZES, metricsOf, resultOf, resumed, runOf, settingsOf } from './runs.ts';

beforeAll(() => tf.setBackend('cpu'));

describe('a run', () => {
  test('leaves the folder that is promised', async () => {
    const out = join(temporaryFolder(), 'new', 'run');
    expect(await train(runOf(out, { epochs: 5 }))).toBe(true);
    expect(readdirSync(out).toSorted()).toEqual([
      'checkpoints',
      'config.json',
      expect.stringMatching(/^events\.out\.tfevents\.\d{10}\.digitmint$/),
      'generator.safetensors',
      'metrics.jsonl',
      'report.html',
      'samples',
      'snapshots',
    ]);
    expect(readdirSync(join(out, 'samples'))).toEqual(
      [1, 2, 4, 5].map((epoch) => `epoch-000${epoch}.png`),
    );
    expect(readdirSync(join(out, 'snapshots'))).toEqual(
      [1, 2, 4, 5].map((epoch) => `epoch-000${epoch}.safetensors`),
    );
    expect(readdirSync(join(out, 'checkpoints'))).toHaveLength(2);
    expect(JSON.parse(readFileSync(join(out, 'config.json'), 'utf8'))).toMatchObject({
      ...settingsOf(out, { epochs: 5 }),
      dataset: { name: 'noise', count: 20 },
    });
    const metrics = metricsOf(out);
    expect(metrics.map(({ epoch, step }) => [epoch, step])).toEqual(
      [1, 2, 3, 4, 5].map((epoch) => [epoch, 3 * epoch]),
    );
    for (const line of metrics) {
      expect(Object.keys(line)).toEqual([
        'epoch',
        'step',
        'discriminatorLoss',
        'generatorLoss',
        'stepMs',
        'elapsedS',
        'discriminatorReal',
        'discriminatorGenerated',
      ]);
      expect(Object.values(line).every(Number.isFinite)).toBe(true);
    }
  });

  test('says where its pictures, its report and its generator are', async () => {
    const out = temporaryFolder();
    const lines: string[] = [];
    const progress = { ...SILENT, say: (line: string) => lines.push(line) };
    await train(runOf(out, { epochs: 1 }, progress));
    const [pictures, report, generator] = ['samples', 'report.html', 'generator.safetensors'].map(
      (name) => join(out, name),
    );
    expect(lines.at(-1)).toBe(
      `Trained 1 epoch: pictures are in ${pictures}, curves in ${report}, the generator in ${generator}.`,
    );
    expect(lines[0]).toBe(
      'generator      5 → 8 → 784, 7,104 parameters\n' +
        'discriminator  784 → 8 → 6 → 1, 6,341 parameters',
    );
  });

  test('is the same to the last bit for the same seed, and another for another seed', async () => {
    const [first, second, other] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
    await train(runOf(first));
    await train(runOf(second));
    await train(runOf(other, { seed: 8 }));
    expect(resultOf(second)).toEqual(resultOf(first));
    expect(resultOf(other).previews).not.toEqual(resultOf(first).previews);
  });

  test('with a running average shows it in previews, snapshots and the file of the generator', async () => {
    const out = temporaryFolder();
    await train(runOf(out, { epochs: 2, ema: 0.9 }));
    const { settings, checkpoint } = openRun(out);
    const trainer = createTrainer(settings, Random.fromString('other'), { sizes: SIZES });
    await restoreTrainer(trainer, checkpoint as Checkpoint);
    const [average, latest] = [trainer.average?.generator, trainer.gan.generator].map((network) => {
      const generator = network as tf.Sequential;
      const picture = drawPreview(generator, previewLatents(settings), settings, DATASET);
      const origin = { recipe: recipeOf(settings), epochs: 2, dataset: DATASET };
      return {
        preview: Buffer.from(encodePng(picture)),
        file: Buffer.from(serializeGenerator(generator, origin)),
      };
    });
    const written = {
      preview: readFileSync(join(out, 'samples/epoch-0002.png')),
      file: readFileSync(join(out, 'generator.safetensors')),
    };
    expect(written).toEqual(average);
    expect(written.preview).not.toEqual(latest.preview);
    expect(written.file).not.toEqual(latest.file);
    expect(readFileSync(join(out, 'snapshots/epoch-0002.safetensors'))).toEqual(written.file);
  });

  test('stops when a loss is not a number, its last good checkpoint whole', async () => {
    const out = temporaryFolder();
    await train(runOf(out, { epochs: 2 }));
    const before = readdirSync(join(out, 'checkpoints'));
    const broken = { ...resumed(out, { epochs: 4 }), makeAdam: explode };
    const error = await train(broken).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(NotFiniteError);
    expect((error as Failure).exitCode).toBe(1);
    expect((error as Failure).message).toContain(`checkpoints/${before[1]}`);
    expect(readdirSync(join(out, 'checkpoints'))).toEqual(before);
    expect(openRun(out).checkpoint?.position.epoch).toBe(2);
  });

  test('stops when weights are not numbers, before they reach a checkpoint', async () => {
    const out = temporaryFolder();
    const broken = { ...runOf(out, { epochs: 1, stepsPerEpoch: 1 }), makeAdam: explode };
    await expect(train(broken)).rejects.toThrow(NotFiniteError);
    const { checkpoint } = newestCheckpoint(join(out, 'checkpoints'));
    expect(checkpoint?.position).toMatchObject({ epoch: 0, step: 0 });
  });
});

/** Its first update makes every weight infinite. */
class ExplodingAdam extends FusedAdam {
  override applyGradients(gradients: Parameters<FusedAdam['applyGradients']>[0]): void {
    super.applyGradients(gradients);
    const names = Array.isArray(gradients) ? gradients.map(({ name }) => name) : [];
    tf.tidy(() => {
      for (const name of names) {
        const variable = tf.engine().registeredVariables[name];
        variable.assign(tf.fill(variable.shape, Number.POSITIVE_INFINITY));
      }
    });
  }
}

function explode(): FusedAdam {
  return new ExplodingAdam(1, 0);
}
