import { describe, expect, test } from 'vitest';

import { HeapError, PoolError } from '../../../training/backend/index.ts';
import { Failure } from '../../../training/cli/failure.ts';
import { nextSteps, withAdvice } from '../../../training/commands/train-advice.ts';
import { RunError, type RunErrorCode } from '../../../training/gan/existing-run.ts';
import { NotFiniteError } from '../../../training/gan/not-finite.ts';
import { DEFAULTS } from '../../../training/gan/recipe.ts';

describe('what follows a run', () => {
  const settings = { ...DEFAULTS, out: 'runs/a', data: 'clothes' };
  const labels = new Uint8Array(1);

  test.each([
    [{ name: 'MNIST', labels }, 'npm run quantize'],
    [{ name: 'clothes', labels: undefined }, 'npm run quantize'],
    [{ name: 'clothes', labels }, 'npm run train:classifier -- --data clothes && npm run quantize'],
  ])('of %o', (dataset, steps) => {
    const said = `To serve what it draws: ${steps} -- --from runs/a && npm start`;
    expect(nextSteps(settings, dataset)).toBe(said);
  });
});

describe('advice for a training that cannot go on', () => {
  const advice: [code: RunErrorCode, says: string][] = [
    ['NotAFolder', 'x; choose another one by --out DIR.'],
    ['NotEmpty', 'x; choose another one by --out DIR.'],
    ['RunExists', 'x; go on with it by --resume, or choose another folder by --out DIR.'],
    ['NoRun', 'x; leave out --resume to start one.'],
    ['NoWholeCheckpoint', 'x; start another run by --out DIR.'],
    ['NoSettings', 'x; start another run by --out DIR.'],
    ['NoCheckpoint', 'x; to start over, remove the folder, or choose another one by --out DIR.'],
    ['InUse', 'x; wait until it ends, or choose another folder by --out DIR.'],
    ['OtherData', 'x.'],
  ];

  test.each(advice)('for %s says what to do in terms of the flags', (code, says) => {
    expect(messageOf(withAdvice(new RunError(code, 'x'), 'out'))).toBe(says);
  });

  test('says to lower the learning rates if the run diverged', () => {
    const message = messageOf(withAdvice(new NotFiniteError('NaN.'), 'out'));
    expect(message).toMatch(/^NaN\. .*--generator-lr, --discriminator-lr/);
  });

  test('says how to go on if a thread died', () => {
    const message = messageOf(withAdvice(new PoolError('Lost.'), 'runs/a'));
    expect(message).toMatch(/^Lost\. .*npm run train:wasm -- --out runs\/a --resume$/);
  });

  test('says what takes less memory if it ends', () => {
    const message = messageOf(withAdvice(new HeapError('Full.'), 'runs/a'));
    expect(message).toBe('Full. A smaller --batch-size in a new run takes less.');
  });

  test('leaves faults of this project as they are', () => {
    const fault = new Error('a fault');
    expect(withAdvice(fault, 'out')).toBe(fault);
  });
});

function messageOf(error: unknown): string {
  expect(error).toBeInstanceOf(Failure);
  return (error as Failure).message;
}
