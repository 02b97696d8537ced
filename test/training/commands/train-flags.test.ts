import { describe, expect, test } from 'vitest';

import { parseFlags } from '../../../training/cli/flags.ts';
import {
  type TrainFlags,
  resumeSettings,
  trainFlags,
} from '../../../training/commands/train-flags.ts';
import type { Checkpoint } from '../../../training/gan/checkpoint.ts';
import { START } from '../../../training/gan/position.ts';
import type { Settings } from '../../../training/gan/recipe.ts';
import { failureOf } from '../helpers.ts';

function parse(...argv: string[]): TrainFlags {
  return parseFlags(trainFlags, argv).values;
}

function settingsOf(...argv: string[]): Settings {
  const { resume: _, summary: __, ...settings } = parse(...argv);
  return settings;
}

describe('the recipe', () => {
  test("is the tutorial's, unless flags say otherwise", () => {
    expect(parse()).toEqual({
      epochs: 400,
      stepsPerEpoch: 128,
      batchSize: 128,
      latentSize: 100,
      generatorLearningRate: 2e-4,
      generatorBeta1: 0.5,
      discriminatorLearningRate: 2e-4,
      discriminatorBeta1: 0.5,
      labelSmoothing: 0.9,
      lrDecay: 0,
      ema: 0,
      latentScale: 1,
      seed: 42,
      conditional: false,
      threads: 'auto',
      data: null,
      transpose: false,
      invert: false,
      classes: null,
      classNames: null,
      side: null,
      skipUnreadable: false,
      from: null,
      out: 'runs/mnist-gan',
      checkpointEvery: 1,
      resume: false,
      sampleEvery: 20,
      evaluateEvery: 0,
      summary: false,
      relaxedSimd: true,
    });
  });

  test('takes every setting from its flag', () => {
    const argv =
      '--epochs 3 --steps-per-epoch=4 --batch-size 5 --latent 6 --generator-lr 1e-3 ' +
      '--generator-beta1 0.9 --discriminator-lr .01 --discriminator-beta1 0 --label-smoothing 1 ' +
      '--seed 0 --threads 2 --data some/where --transpose --invert --classes b,c --class-names names.txt ' +
      '--side 20 --skip-unreadable --from other.safetensors --out else/where --checkpoint-every 7 --resume ' +
      '--sample-every 8 --evaluate-every 9 --summary --no-relaxed-simd --conditional --lr-decay .5 --ema 0.999 --latent-scale 1.1';
    expect(parse(...argv.split(' '))).toEqual({
      epochs: 3,
      stepsPerEpoch: 4,
      batchSize: 5,
      latentSize: 6,
      generatorLearningRate: 1e-3,
      generatorBeta1: 0.9,
      discriminatorLearningRate: 0.01,
      discriminatorBeta1: 0,
      labelSmoothing: 1,
      lrDecay: 0.5,
      ema: 0.999,
      latentScale: 1.1,
      seed: 0,
      conditional: true,
      threads: 2,
      data: 'some/where',
      transpose: true,
      invert: true,
      classes: 'b,c',
      classNames: 'names.txt',
      side: 20,
      skipUnreadable: true,
      from: 'other.safetensors',
      out: 'else/where',
      checkpointEvery: 7,
      resume: true,
      sampleEvery: 8,
      evaluateEvery: 9,
      summary: true,
      relaxedSimd: false,
    });
  });
});

/** A run that was stopped in its sixth epoch. */
function runOf(settings: Settings): Parameters<typeof resumeSettings>[0] {
  const checkpoint = { position: { ...START, epoch: 5, step: 3 } } as Checkpoint;
  return { settings, checkpoint };
}

describe('resuming', () => {
  const saved = settingsOf('--epochs', '10', '--batch-size', '32', '--seed', '7');

  function resume(...argv: string[]): Settings {
    return resumeSettings(runOf(saved), parseFlags(trainFlags, argv));
  }

  test("takes what no flag names from the run, not from the recipe's defaults", () => {
    expect(resume('--resume')).toEqual(saved);
  });

  test('may repeat a setting, change the epochs, and find the run in another folder', () => {
    expect(resume('--batch-size', '32', '--epochs', '11', '--out', 'moved')).toEqual({
      ...saved,
      epochs: 11,
      out: 'moved',
    });
    expect(resume('--epochs', '6')).toEqual({ ...saved, epochs: 6 });
  });

  test('may change where the data are, the threads, and how and how often something is shown, saved or evaluated', () => {
    const argv =
      '--data moved --threads 3 --latent-scale 1.1 --sample-every 5 --checkpoint-every 2 --evaluate-every 10';
    expect(resume(...argv.split(' '))).toEqual({
      ...saved,
      data: 'moved',
      threads: 3,
      latentScale: 1.1,
      sampleEvery: 5,
      checkpointEvery: 2,
      evaluateEvery: 10,
    });
  });

  test.each([
    ['--epochs', '5'],
    ['--batch-size', '64'],
    ['--seed', '42'],
    ['--generator-lr', '1e-3'],
    ['--lr-decay', '0.5'],
    ['--ema', '0.999'],
    ['--no-relaxed-simd', ''],
  ])('%s %s is refused, exit code 2', (flag, value) => {
    const error = failureOf(() => resume(...[flag, value].filter((text) => text !== '')));
    expect(error.exitCode).toBe(2);
    expect(error.message).toContain(flag);
    expect(error.message).not.toContain('\n');
  });

  test.each(['9', '11'])(
    'may not change the epochs to %s if learning rates fall towards the last',
    (epochs) => {
      const falling = { ...saved, lrDecay: 0.5 };
      const parsed = parseFlags(trainFlags, ['--resume', '--epochs', epochs]);
      const error = failureOf(() => resumeSettings(runOf(falling), parsed));
      expect(error.exitCode).toBe(2);
      expect(error.message).toMatch(
        /^--epochs: found \d+, expected the run's 10: .*--lr-decay.*\.$/,
      );

      const same = parseFlags(trainFlags, ['--resume', '--epochs', '10']);
      expect(resumeSettings(runOf(falling), same)).toEqual({ ...falling, out: same.values.out });
    },
  );
});
