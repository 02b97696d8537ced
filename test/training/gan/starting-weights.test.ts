import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';

import { type Checkpoint, newestCheckpoint } from '../../../training/gan/checkpoint.ts';
import { train } from '../../../training/gan/loop.ts';
import {
  type StartingWeights,
  readStartingWeights,
} from '../../../training/gan/starting-weights.ts';
import { failureOf, temporaryFolder } from '../helpers.ts';
import { SIZES, runOf } from './runs.ts';

await tf.setBackend('cpu');

/** A run that has ended; a scale of 2 loses no bit. */
async function finishedRun(): Promise<string> {
  const out = temporaryFolder();
  await train(runOf(out, { epochs: 1, latentScale: 2 }));
  return out;
}

/** The checkpoint of a new run before its first step. */
async function firstCheckpoint(start?: StartingWeights): Promise<Checkpoint> {
  const out = temporaryFolder();
  await train({ ...runOf(out, { ema: 0.9 }), start, interrupted: () => true });
  return checkpointOf(out);
}

function checkpointOf(out: string): Checkpoint {
  const { checkpoint } = newestCheckpoint(join(out, 'checkpoints'));
  if (checkpoint === undefined) throw new Error('There is no checkpoint.');
  return checkpoint;
}

/** The weights of a network; its moments are left out. */
function weightsIn({ tensors }: Checkpoint, network: string): unknown[] {
  return Array.from(tensors)
    .filter(([name]) => name.startsWith(`${network}.dense_`))
    .map(([name, { data }]) => [name.slice(network.length), Buffer.from(data).toString('base64')]);
}

describe('a run that starts from the generator of another', () => {
  test.each(['generator.safetensors', 'snapshots/epoch-0001.safetensors'])(
    'has the weights of %s, in its average too, and the discriminator of that run',
    async (file) => {
      const other = await finishedRun();
      const first = await firstCheckpoint(readStartingWeights(join(other, file), SIZES));
      const last = checkpointOf(other);
      expect(first.position).toMatchObject({ epoch: 0, step: 0 });
      expect(weightsIn(first, 'generator')).toEqual(weightsIn(last, 'generator'));
      expect(weightsIn(first, 'average')).toEqual(weightsIn(last, 'generator'));
      expect(weightsIn(first, 'discriminator')).toEqual(weightsIn(last, 'discriminator'));
    },
  );

  test('has a new discriminator where the file lies alone', async () => {
    const other = await finishedRun();
    const alone = join(temporaryFolder(), 'generator.safetensors');
    copyFileSync(join(other, 'generator.safetensors'), alone);
    const first = await firstCheckpoint(readStartingWeights(alone, SIZES));
    expect(weightsIn(first, 'generator')).toEqual(weightsIn(checkpointOf(other), 'generator'));
    const fresh = weightsIn(await firstCheckpoint(), 'discriminator');
    expect(weightsIn(first, 'discriminator')).toEqual(fresh);
  });
});

test('a generator of other sizes is refused with both', async () => {
  const file = join(await finishedRun(), 'generator.safetensors');
  const error = failureOf(() => readStartingWeights(file, { ...SIZES, latentSize: 6 }));
  expect(error.message).toBe(
    `${file}: found a generator of 5 → 8 → 784 with no classes, expected one of 6 → 8 → 784 with no classes for these data and flags.`,
  );
});

test('a file that is no float generator is refused with what is expected', () => {
  const file = join(temporaryFolder(), 'weights.safetensors');
  writeFileSync(file, 'weights');
  const { message } = failureOf(() => readStartingWeights(file, SIZES));
  expect(message).toMatch(/^.*weights\.safetensors: .*--from takes a float generator/);
  expect(message).not.toContain('\n');
});
