import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';

import { parseSafetensors } from '../../../src/weights/safetensors.ts';
import { type Run, train } from '../../../training/gan/loop.ts';
import { NotFiniteError } from '../../../training/gan/not-finite.ts';
import { FloatFileError } from '../../../training/quantization/float-file.ts';
import { temporaryFolder } from '../helpers.ts';
import { SILENT, crashAfter, metricsOf, resumed, runOf } from './runs.ts';

beforeAll(() => tf.setBackend('cpu'));

/** Distances by epoch: the third is the smallest. */
const DISTANCES = [90, 40, 20, 30, 25, 60];

function epochsOf(file: Uint8Array): number {
  return Number(parseSafetensors(file).metadata['epochs']);
}

function evaluated(run: Run): Run {
  return { ...run, frechetOf: (file) => DISTANCES[epochsOf(file) - 1] };
}

function findNotANumber(): number {
  throw new FloatFileError('NotFinite', 'dense_1.weight has a number that is not finite');
}

function bestOf(out: string): number {
  return epochsOf(readFileSync(join(out, 'best.safetensors')));
}

function distancesOf(out: string): (number | undefined)[] {
  return metricsOf(out).map(({ frechet }) => frechet);
}

describe('a run that measures the distance', () => {
  test('has it in the metrics of these epochs and of the last, and keeps the best generator', async () => {
    const out = temporaryFolder();
    const lines: string[] = [];
    const progress = { ...SILENT, say: (line: string) => lines.push(line) };
    await train(evaluated(runOf(out, { epochs: 5, evaluateEvery: 3 }, progress)));
    expect(distancesOf(out)).toEqual([undefined, undefined, 20, undefined, 25]);
    expect(bestOf(out)).toBe(3);
    expect(lines.at(-1)).toBe(
      `The smallest Fréchet distance was 20.00 after epoch 3; that generator is in ${join(out, 'best.safetensors')}.`,
    );
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('20.00, at epoch 3');
  });

  test('shows the newest after each step', async () => {
    const shown: (number | undefined)[] = [];
    const progress = {
      ...SILENT,
      stepped: ({ frechet }: { frechet?: number | undefined }) => shown.push(frechet),
    };
    const settings = { epochs: 3, stepsPerEpoch: 1, evaluateEvery: 1 };
    await train(evaluated(runOf(temporaryFolder(), settings, progress)));
    expect(shown).toEqual([undefined, 90, 40]);
  });

  test('knows after a resumption what the best was', async () => {
    const out = temporaryFolder();
    const settings = { epochs: 6, evaluateEvery: 1 };
    const crashed = evaluated(runOf(out, settings, crashAfter(3 * 4 + 1)));
    await expect(train(crashed)).rejects.toThrow('power cut');
    expect(bestOf(out)).toBe(3);
    await train(evaluated(resumed(out)));
    expect(distancesOf(out)).toEqual(DISTANCES);
    expect(bestOf(out)).toBe(3);
  });

  test('has no best without measuring', async () => {
    const out = temporaryFolder();
    await train(evaluated(runOf(out)));
    expect(distancesOf(out)).toEqual([undefined, undefined, undefined]);
    expect(existsSync(join(out, 'best.safetensors'))).toBe(false);
  });

  test('stops like any other if a weight is not a number', async () => {
    const run = { ...runOf(temporaryFolder(), { evaluateEvery: 1 }), frechetOf: findNotANumber };
    await expect(train(run)).rejects.toThrow(NotFiniteError);
  });
});
