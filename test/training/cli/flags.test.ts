import { describe, expect, test } from 'vitest';

import { UsageError } from '../../../training/cli/failure.ts';
import { helpText, parseFlags } from '../../../training/cli/flags.ts';
import { trainFlags } from '../../../training/commands/train-flags.ts';
import { failureOf } from '../helpers.ts';

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

  test.each(wrong)('%j is one line and exit code 2', (argv, ...says) => {
    const error = failureOf(() => parseFlags(trainFlags, argv));
    expect(error).toBeInstanceOf(UsageError);
    expect(error.exitCode).toBe(2);
    expect(error.message).not.toContain('\n');
    for (const part of says) expect(error.message).toContain(part);
  });
});

describe('--help', () => {
  test('comes before everything else', () => {
    expect(parseFlags(trainFlags, ['--nonsense', '--help']).help).toBe(true);
  });

  test('names every flag and its default', () => {
    const text = helpText('usage', 'about', trainFlags);
    for (const { flag } of Object.values(trainFlags)) expect(text).toContain(`--${flag} `);
    for (const shown of ['400', '2e-4', '0.9', 'auto', 'runs/mnist-gan']) {
      expect(text).toContain(`(${shown})`);
    }
  });
});
