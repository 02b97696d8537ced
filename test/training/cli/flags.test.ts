import { describe, expect, it } from 'vitest';

import { Failure, UsageError } from '../../../training/cli/failure.ts';
import { helpText, parseFlags } from '../../../training/cli/flags.ts';
import {
  type Settings,
  type TrainFlags,
  recipeOf,
  resumeSettings,
  trainFlags,
} from '../../../training/gan/recipe.ts';

function parse(...argv: string[]): TrainFlags {
  return parseFlags(trainFlags, argv).values;
}

function settingsOf(...argv: string[]): Settings {
  const { resume: _, ...settings } = parse(...argv);
  return settings;
}

describe('the recipe', () => {
  it('is what stands in the tutorial, unless flags say otherwise', () => {
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
      seed: 42,
      conditional: false,
      threads: 'auto',
      data: null,
      out: 'runs/mnist-gan',
      checkpointEvery: 1,
      resume: false,
      sampleEvery: 20,
      relaxedSimd: true,
    });
  });

  it('takes every setting from its flag', () => {
    const argv =
      '--epochs 3 --steps-per-epoch=4 --batch-size 5 --latent 6 --generator-lr 1e-3 ' +
      '--generator-beta1 0.9 --discriminator-lr .01 --discriminator-beta1 0 --label-smoothing 1 ' +
      '--seed 0 --threads 2 --data some/where --out else/where --checkpoint-every 7 --resume ' +
      '--sample-every 8 --no-relaxed-simd --conditional';
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
      seed: 0,
      conditional: true,
      threads: 2,
      data: 'some/where',
      out: 'else/where',
      checkpointEvery: 7,
      resume: true,
      sampleEvery: 8,
      relaxedSimd: false,
    });
  });

  it('says of a model neither where it was trained nor on how many threads', () => {
    const recipe = recipeOf(settingsOf('--data', 'private', '--threads', '3'));
    expect(Object.keys(recipe).toSorted()).toEqual(
      [
        'epochs',
        'stepsPerEpoch',
        'batchSize',
        'latentSize',
        'generatorLearningRate',
        'generatorBeta1',
        'discriminatorLearningRate',
        'discriminatorBeta1',
        'labelSmoothing',
        'seed',
        'conditional',
      ].toSorted(),
    );
  });
});

describe('wrong use', () => {
  const wrong: [argv: string[], ...says: string[]][] = [
    [['--epochs', '0'], '--epochs', "'0'", 'a whole number from 1'],
    [['--epochs', '1.5'], '--epochs', "'1.5'", 'a whole number'],
    [['--epochs', '-3'], '--epochs', "'-3'", 'a whole number'],
    [['--epochs', '1e3'], '--epochs', "'1e3'", 'a whole number'],
    [['--epochs='], '--epochs', "''", 'a whole number'],
    [['--epochs'], '--epochs', 'no value', 'a whole number'],
    [['--epochs', '--resume'], '--epochs', 'no value', 'a whole number'],
    [['--batch-size', 'many'], '--batch-size', "'many'", 'a whole number'],
    [['--generator-lr', '0'], '--generator-lr', "'0'", 'a number above 0'],
    [['--generator-lr', 'NaN'], '--generator-lr', "'NaN'", 'a number'],
    [['--discriminator-beta1', '1'], '--discriminator-beta1', "'1'", 'below 1'],
    [['--label-smoothing', '1.1'], '--label-smoothing', "'1.1'", 'at most 1'],
    [['--seed', '9007199254740993'], '--seed', "'9007199254740993'", 'a whole number'],
    [['--threads', 'all'], '--threads', "'all'", "'auto'"],
    [['--threads', '0'], '--threads', "'0'", 'from 1'],
    [['--out', ''], '--out', "''", 'a path'],
    [['--resume=yes'], '--resume', "'yes'", 'no value'],
    [['--epoch', '3'], '--epoch', 'no such flag'],
    [['-e', '3'], '-e', 'no such flag'],
    [['toString'], "'toString'", 'flags only'],
    [['--to-string'], '--to-string', 'no such flag'],
    [['--__proto__', '3'], '--__proto__', 'no such flag'],
  ];

  it.each(wrong)('%j is one line and exit code 2', (argv, ...says) => {
    const error = failureOf(() => parse(...argv));
    expect(error).toBeInstanceOf(UsageError);
    expect(error.exitCode).toBe(2);
    expect(error.message).not.toContain('\n');
    for (const part of says) expect(error.message).toContain(part);
  });
});

describe('--help', () => {
  it('comes before everything else', () => {
    expect(parseFlags(trainFlags, ['--nonsense', '--help']).help).toBe(true);
  });

  it('names every flag and its default', () => {
    const text = helpText('usage', 'about', trainFlags);
    for (const { flag } of Object.values(trainFlags)) expect(text).toContain(`--${flag} `);
    for (const shown of ['400', '2e-4', '0.9', 'auto', 'runs/mnist-gan']) {
      expect(text).toContain(`(${shown})`);
    }
  });
});

describe('resuming', () => {
  const saved = settingsOf('--epochs', '10', '--batch-size', '32', '--seed', '7');

  function resume(...argv: string[]): Settings {
    const { values, given } = parseFlags(trainFlags, argv);
    return resumeSettings(saved, { values, given });
  }

  it("takes what no flag names from the run, not from the recipe's defaults", () => {
    expect(resume('--resume')).toEqual(saved);
  });

  it('may repeat a setting, raise the epochs, and find the run in another folder', () => {
    expect(resume('--batch-size', '32', '--epochs', '11', '--out', 'moved')).toEqual({
      ...saved,
      epochs: 11,
      out: 'moved',
    });
  });

  it.each([
    ['--epochs', '9'],
    ['--batch-size', '64'],
    ['--seed', '42'],
    ['--generator-lr', '1e-3'],
    ['--data', 'other'],
    ['--no-relaxed-simd', ''],
  ])('%s %s is refused, exit code 2', (flag, value) => {
    const error = failureOf(() => resume(...[flag, value].filter((text) => text !== '')));
    expect(error.exitCode).toBe(2);
    expect(error.message).toContain(flag);
    expect(error.message).not.toContain('\n');
  });
});

function failureOf(action: () => unknown): Failure {
  try {
    action();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('expected a failure');
}
