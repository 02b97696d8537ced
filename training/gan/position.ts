/** Where a run is: epochs, steps, and what is summed up over the steps for the line of an epoch. */

import type { Status } from '../cli/progress.ts';
import type { Metrics } from './metrics.ts';
import type { Settings } from './recipe.ts';
import type { StepResult } from './step.ts';

/** Where a run is, and what it has summed up so far. */
export interface Position {
  /** Epochs done. */
  readonly epoch: number;
  /** Steps done in the epoch after those. */
  readonly step: number;
  /** Sums over the steps of that epoch. */
  readonly discriminatorLossSum: number;
  readonly generatorLossSum: number;
  /** Null if an earlier version, which did not sum them up, began the epoch. */
  readonly discriminatorRealSum: number | null;
  readonly discriminatorGeneratedSum: number | null;
  readonly stepMsSum: number;
  /** Time spent training since the very start, over all resumptions. */
  readonly elapsedS: number;
}

export const START: Position = {
  epoch: 0,
  step: 0,
  discriminatorLossSum: 0,
  generatorLossSum: 0,
  discriminatorRealSum: 0,
  discriminatorGeneratedSum: 0,
  stepMsSum: 0,
  elapsedS: 0,
};

/** A position that a checkpoint holds: those of earlier versions have fewer sums. */
export function completed(saved: Position): Position {
  const none = { discriminatorRealSum: null, discriminatorGeneratedSum: null };
  return saved.step === 0 ? { ...START, ...saved } : { ...none, ...saved };
}

/** How long a step took: computing alone, and with all that came before it. */
export interface Times {
  readonly stepMs: number;
  readonly elapsedS: number;
}

export function afterStep(
  position: Position,
  result: StepResult,
  { stepMs, elapsedS }: Times,
): Position {
  return {
    epoch: position.epoch,
    step: position.step + 1,
    discriminatorLossSum: position.discriminatorLossSum + result.discriminatorLoss,
    generatorLossSum: position.generatorLossSum + result.generatorLoss,
    discriminatorRealSum: sum(position.discriminatorRealSum, result.discriminatorReal),
    discriminatorGeneratedSum: sum(
      position.discriminatorGeneratedSum,
      result.discriminatorGenerated,
    ),
    stepMsSum: position.stepMsSum + stepMs,
    elapsedS: position.elapsedS + elapsedS,
  };
}

function sum(before: number | null, value: number): number | null {
  return before === null ? null : before + value;
}

/** The position after an epoch whose steps are all done. */
export function nextEpoch({ epoch, elapsedS }: Position): Position {
  return { ...START, epoch: epoch + 1, elapsedS };
}

/** The line of an epoch whose steps are all done. */
export function metricsOf(position: Position, stepsPerEpoch: number): Metrics {
  const epoch = position.epoch + 1;
  const mean = (total: number): number => total / stepsPerEpoch;
  const meanOrNull = (total: number | null): number | null => (total === null ? null : mean(total));
  return {
    epoch,
    step: epoch * stepsPerEpoch,
    discriminatorLoss: mean(position.discriminatorLossSum),
    generatorLoss: mean(position.generatorLossSum),
    stepMs: Number(mean(position.stepMsSum).toFixed(3)),
    elapsedS: Number(position.elapsedS.toFixed(3)),
    discriminatorReal: meanOrNull(position.discriminatorRealSum),
    discriminatorGenerated: meanOrNull(position.discriminatorGeneratedSum),
  };
}

/** @param frechet the newest distance, if there is one */
export function statusOf(
  { epochs, stepsPerEpoch }: Settings,
  position: Position,
  frechet: number | undefined,
): Status {
  return {
    epoch: position.epoch + 1,
    epochs,
    step: position.step,
    stepsPerEpoch,
    discriminatorLoss: position.discriminatorLossSum / position.step,
    generatorLoss: position.generatorLossSum / position.step,
    frechet,
  };
}

/** The epoch that has just ended, or else the one in progress; 0 before the first step. */
export function currentEpoch({ epoch, step }: Position): number {
  return step > 0 ? epoch + 1 : epoch;
}

/** `2 epochs and 1 step` */
export function describe({ epoch, step }: Position): string {
  return `${counted(epoch, 'epoch')} and ${counted(step, 'step')}`;
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
