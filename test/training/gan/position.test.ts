import { describe, expect, test } from 'vitest';

import {
  type Position,
  START,
  afterStep,
  completed,
  currentEpoch,
  metricsOf,
  nextEpoch,
} from '../../../training/gan/position.ts';

const TIMES = { stepMs: 70, elapsedS: 0.1 };

function stepped(position: Position, loss: number): Position {
  const result = {
    discriminatorLoss: loss,
    generatorLoss: 2 * loss,
    discriminatorReal: 0.5 + loss / 10,
    discriminatorGenerated: 0.5 - loss / 10,
  };
  return afterStep(position, result, TIMES);
}

describe('the metrics of an epoch', () => {
  test('are means over its steps', () => {
    const position = [1, 2, 3].reduce(stepped, { ...START, epoch: 4, elapsedS: 10 });
    expect(metricsOf(position, 3)).toEqual({
      epoch: 5,
      step: 15,
      discriminatorLoss: 2,
      generatorLoss: 4,
      stepMs: 70,
      elapsedS: 10.3,
      discriminatorReal: expect.closeTo(0.7, 12) as number,
      discriminatorGenerated: expect.closeTo(0.3, 12) as number,
    });
  });

  test('begin anew after it, but for the time', () => {
    const position = [1, 2].reduce(stepped, START);
    expect(nextEpoch(position)).toEqual({ ...START, epoch: 1, elapsedS: 0.2 });
  });

  test('have no outputs of the discriminator if an earlier version began the epoch', () => {
    const { discriminatorRealSum: _, discriminatorGeneratedSum: __, ...sums } = START;
    const within = completed({ ...sums, step: 1 } as Position);
    expect(metricsOf(stepped(within, 1), 2)).toMatchObject({
      discriminatorReal: null,
      discriminatorGenerated: null,
    });
    expect(completed({ ...sums, epoch: 3 } as Position)).toEqual({ ...START, epoch: 3 });
  });
});

test('the current epoch is the one in progress, or else the one that has just ended', () => {
  expect(currentEpoch(START)).toBe(0);
  expect(currentEpoch({ ...START, step: 1 })).toBe(1);
  expect(currentEpoch({ ...START, epoch: 2 })).toBe(2);
  expect(currentEpoch({ ...START, epoch: 2, step: 5 })).toBe(3);
});
