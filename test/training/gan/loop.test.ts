import {
  appendFileSync,
  existsSync,
  readFileSync,
  readdirSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';

import { parseSafetensors } from '../../../src/weights/safetensors.ts';
import { FusedAdam } from '../../../training/backend/index.ts';
import { Failure } from '../../../training/cli/failure.ts';
import type { Progress } from '../../../training/cli/progress.ts';
import type { Dataset } from '../../../training/data/dataset.ts';
import { newestCheckpoint, setAside } from '../../../training/gan/checkpoint.ts';
import { type Run, train } from '../../../training/gan/loop.ts';
import type { Settings } from '../../../training/gan/recipe.ts';
import { openRun, requireNoRun } from '../../../training/gan/run-folder.ts';
import { NotFiniteError } from '../../../training/gan/step.ts';
import { temporaryFolder } from '../helpers.ts';

beforeAll(() => tf.setBackend('cpu'));

const SIZES = { latentSize: 5, generatorUnits: [8, 784], discriminatorUnits: [8, 6, 1] };
const DATASET: Dataset = {
  name: 'noise',
  count: 20,
  images: Uint8Array.from({ length: 20 * 784 }, (_, i) => (i * 7919) % 256),
  labels: new Uint8Array(20),
  sha256: 'of noise',
};

describe('a run', () => {
  it('leaves the folder that is promised', async () => {
    const out = join(temporaryFolder(), 'new', 'run');
    expect(await train(runOf(out, { epochs: 5 }))).toBe(true);
    expect(readdirSync(out).toSorted()).toEqual([
      'checkpoints',
      'config.json',
      'generator.safetensors',
      'metrics.jsonl',
      'samples',
      'snapshots',
    ]);
    expect(readdirSync(join(out, 'samples'))).toEqual(
      [1, 2, 4].map((epoch) => `epoch-000${epoch}.png`),
    );
    expect(readdirSync(join(out, 'snapshots'))).toEqual(
      [1, 2, 4].map((epoch) => `epoch-000${epoch}.safetensors`),
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
      ]);
      expect(Object.values(line).every(Number.isFinite)).toBe(true);
    }
  });

  it('is the same to the last bit for the same seed, and another for another seed', async () => {
    const [first, second, other] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
    await train(runOf(first));
    await train(runOf(second));
    await train(runOf(other, { seed: 8 }));
    expect(resultOf(second)).toEqual(resultOf(first));
    expect(resultOf(other).pictures).not.toEqual(resultOf(first).pictures);
  });

  it('that exists is not touched, nor is a folder with anything in it', async () => {
    const out = temporaryFolder();
    expect(() => requireNoRun(out)).not.toThrow();
    expect(() => requireNoRun(join(out, 'new'))).not.toThrow();
    writeFileSync(join(out, 'thesis.txt'), 'mine');
    expect(() => requireNoRun(out)).toThrow(/not empty.*--out/);
    writeFileSync(join(out, 'config.json'), '{}');
    expect(() => requireNoRun(out)).toThrow(/found a run.*--resume/);
  });

  it('stops when a loss is not a number, its last good checkpoint whole', async () => {
    const out = temporaryFolder();
    await train(runOf(out, { epochs: 2 }));
    const before = readdirSync(join(out, 'checkpoints'));
    const broken = resumed(out, { epochs: 4 });
    broken.makeAdam = () => new ExplodingAdam(1, 0, 0, 1);
    const error = await train(broken).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(NotFiniteError);
    expect((error as Failure).exitCode).toBe(1);
    expect((error as Failure).message).toContain(`checkpoints/${before[1]}`);
    expect(readdirSync(join(out, 'checkpoints'))).toEqual(before);
    expect(openRun(out).checkpoint?.position.epoch).toBe(2);
  });

  it('stops when weights are not numbers, before they reach a checkpoint', async () => {
    const out = temporaryFolder();
    const broken = runOf(out, { epochs: 1, stepsPerEpoch: 1 });
    broken.makeAdam = () => new ExplodingAdam(1, 0, 0, 1);
    await expect(train(broken)).rejects.toThrow(NotFiniteError);
    expect(newestCheckpoint(join(out, 'checkpoints')).checkpoint).toBeUndefined();
  });
});

describe('a labelled run', () => {
  it('that was stopped and resumed ends as an unbroken one, its generator told of ten classes', async () => {
    const [unbroken, stopped] = [temporaryFolder(), temporaryFolder()];
    await train(labelled(unbroken));
    expect(await train({ ...labelled(stopped), interrupted: after(4) })).toBe(false);
    const { settings, checkpoint } = openRun(stopped);
    expect(settings.conditional).toBe(true);
    expect(await train({ ...labelled(stopped), settings, checkpoint })).toBe(true);
    expect(resultOf(stopped)).toEqual(resultOf(unbroken));
    const bytes = readFileSync(join(stopped, 'generator.safetensors'));
    expect(parseSafetensors(bytes).metadata).toMatchObject({ classes: '10', sizes: '[15,8,784]' });
  });
});

describe('a resumed run', () => {
  it.each([
    ['in the middle of an epoch', 4],
    ['in the middle of the last epoch', 8],
    ['after a whole epoch', 6],
    ['before its first step', 0],
  ])('that was stopped %s ends as an unbroken one, to the last bit', async (_, steps) => {
    const [unbroken, stopped] = [temporaryFolder(), temporaryFolder()];
    await train(runOf(unbroken));
    const run = runOf(stopped);
    run.interrupted = after(steps);
    expect(await train(run)).toBe(false);
    expect(existsSync(join(stopped, 'generator.safetensors'))).toBe(false);
    const { position } = openRun(stopped).checkpoint ?? {};
    expect(position).toMatchObject({ epoch: Math.floor(steps / 3), step: steps % 3 });

    expect(await train(resumed(stopped))).toBe(true);
    expect(resultOf(stopped)).toEqual(resultOf(unbroken));
  });

  it('that was stopped again and again ends as an unbroken one', async () => {
    const [unbroken, stopped] = [temporaryFolder(), temporaryFolder()];
    await train(runOf(unbroken));
    const run = runOf(stopped);
    run.interrupted = after(1);
    let done = await train(run);
    while (!done) done = await train({ ...resumed(stopped), interrupted: after(1) });
    expect(resultOf(stopped)).toEqual(resultOf(unbroken));
  });

  it('with more epochs ends as one that had them from the start', async () => {
    const [unbroken, raised] = [temporaryFolder(), temporaryFolder()];
    await train(runOf(unbroken, { epochs: 4 }));
    await train(runOf(raised, { epochs: 2 }));
    await train(resumed(raised, { epochs: 4 }));
    expect(resultOf(raised)).toEqual(resultOf(unbroken));
    const config = JSON.parse(readFileSync(join(raised, 'config.json'), 'utf8')) as Settings;
    expect(config.epochs).toBe(4);
  });

  it('remembers more epochs through a crash right after they were asked for', async () => {
    const out = temporaryFolder();
    await train(runOf(out, { epochs: 1 }));
    const more = { ...resumed(out, { epochs: 3 }), progress: crashAfter(1) };
    await expect(train(more)).rejects.toThrow('power cut');
    expect(openRun(out).settings.epochs).toBe(3);
  });

  it('begins where a crash left nothing but a file that is not whole', () => {
    const out = temporaryFolder();
    writeFileSync(join(out, 'config.json.tmp'), '{');
    expect(() => requireNoRun(out)).not.toThrow();
  });

  it('says what its config.json lacks where there is no checkpoint', () => {
    const out = temporaryFolder();
    writeFileSync(join(out, 'config.json'), '{}');
    expect(() => openRun(out)).toThrow(/found no settings in it \(epochs is missing\)/);
  });

  it('cuts the metrics back to its checkpoint', async () => {
    const [unbroken, crashed] = [temporaryFolder(), temporaryFolder()];
    await train(runOf(unbroken, { epochs: 4 }));
    const settings = { epochs: 4, checkpointEvery: 2 };
    await expect(train(runOf(crashed, settings, crashAfter(10)))).rejects.toThrow('power cut');
    expect(metricsOf(crashed)).toHaveLength(3);
    appendFileSync(join(crashed, 'metrics.jsonl'), '{"epoch":4,"st');
    await expect(train({ ...resumed(crashed), progress: crashAfter(1) })).rejects.toThrow('power');
    expect(metricsOf(crashed)).toHaveLength(2);
    await train(resumed(crashed));
    expect(resultOf(crashed).metrics).toEqual(resultOf(unbroken).metrics);
    expect(resultOf(crashed).pictures).toEqual(resultOf(unbroken).pictures);
  });

  it('that crashed before its first checkpoint starts over, with its own settings', async () => {
    const [unbroken, crashed] = [temporaryFolder(), temporaryFolder()];
    await train(runOf(unbroken, { seed: 8 }));
    await expect(train(runOf(crashed, { seed: 8 }, crashAfter(2)))).rejects.toThrow('power cut');
    expect(openRun(crashed)).toEqual({
      settings: settingsOf(crashed, { seed: 8 }),
      checkpoint: undefined,
      damaged: [],
    });
    await train(resumed(crashed));
    expect(resultOf(crashed)).toEqual(resultOf(unbroken));
  });

  it('that is done already stays as it is', async () => {
    const out = temporaryFolder();
    await train(runOf(out));
    const before = resultOf(out);
    expect(await train(resumed(out))).toBe(true);
    expect(resultOf(out)).toEqual(before);
  });

  it.each([
    ['cut off', (path: string) => truncateSync(path, 5000)],
    ['empty', (path: string) => truncateSync(path, 0)],
    ['a bit off', (path: string) => flipBit(path, 20_000)],
    ['a bit off in its last byte', (path: string) => flipBit(path, -1)],
    ['of another kind', (path: string) => writeFileSync(path, 'not a checkpoint')],
  ])('whose newest checkpoint is %s goes on from the one before', async (_, damage) => {
    const [unbroken, damaged] = [temporaryFolder(), temporaryFolder()];
    await train(runOf(unbroken));
    await train(runOf(damaged));
    const newest = openRun(damaged).checkpoint?.path ?? '';
    damage(newest);
    const found = openRun(damaged);
    expect(found.checkpoint?.position.epoch).toBe(2);
    expect(found.damaged.map(({ path }) => path)).toEqual([newest]);
    setAside(found.damaged);
    await train(resumed(damaged));
    expect(resultOf(damaged)).toEqual(resultOf(unbroken));
    expect(existsSync(`${newest}.damaged`)).toBe(true);
  });

  it('with no whole checkpoint is refused and left alone', async () => {
    const out = temporaryFolder();
    await train(runOf(out, { epochs: 1 }));
    truncateSync(openRun(out).checkpoint?.path ?? '', 100);
    const before = resultOf(out);
    expect(() => openRun(out)).toThrow(/damaged/);
    expect(resultOf(out)).toEqual(before);
  });

  it('that does not exist is refused', () => {
    expect(() => openRun(join(temporaryFolder(), 'none'))).toThrow(/no run to resume/);
  });
});

function settingsOf(out: string, changes: Partial<Settings> = {}): Settings {
  return {
    epochs: 3,
    stepsPerEpoch: 3,
    batchSize: 4,
    latentSize: 5,
    generatorLearningRate: 1e-3,
    generatorBeta1: 0.5,
    discriminatorLearningRate: 1e-3,
    discriminatorBeta1: 0.5,
    labelSmoothing: 0.9,
    seed: 7,
    conditional: false,
    threads: 1,
    data: null,
    out,
    checkpointEvery: 1,
    sampleEvery: 2,
    relaxedSimd: false,
    ...changes,
  };
}

const SILENT: Progress = { say: () => {}, stepped: () => {}, end: () => {} };

function runOf(out: string, changes: Partial<Settings> = {}, progress = SILENT): Run {
  return {
    settings: settingsOf(out, changes),
    dataset: DATASET,
    checkpoint: undefined,
    makeAdam: (...parameters) => new FusedAdam(...parameters),
    computing: { threads: 1, relaxedSimd: false },
    sizes: SIZES,
    progress,
    interrupted: () => false,
  };
}

function labelled(out: string): Run {
  return { ...runOf(out, { conditional: true }), sizes: { ...SIZES, classes: 10 } };
}

function resumed(out: string, changes: Partial<Settings> = {}): Run {
  const { settings, checkpoint } = openRun(out);
  return { ...runOf(out), settings: { ...settings, ...changes }, checkpoint };
}

/** Interrupts after so many steps. */
function after(steps: number): () => boolean {
  let asked = 0;
  return () => asked++ >= steps;
}

/** Ends the run, without a chance to save, at so many steps. */
function crashAfter(steps: number): Progress {
  let done = 0;
  const stepped = (): void => {
    done += 1;
    if (done === steps) throw new Error('power cut');
  };
  return { ...SILENT, stepped };
}

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

function metricsOf(out: string): Record<string, number>[] {
  const lines = readFileSync(join(out, 'metrics.jsonl'), 'utf8').split('\n');
  return lines.slice(0, -1).map((line) => JSON.parse(line) as Record<string, number>);
}

/** All of a run that does not tell the time. */
function resultOf(out: string): Record<string, unknown> {
  const bytes = (folder: string): [string, string][] =>
    readdirSync(join(out, folder))
      .toSorted()
      .map((name) => [name, readFileSync(join(out, folder, name), 'hex')]);
  const generator = join(out, 'generator.safetensors');
  const { checkpoint } = newestCheckpoint(join(out, 'checkpoints'));
  const tensors = [...(checkpoint?.tensors ?? [])].map(([name, { data }]) => [
    name,
    Buffer.from(data).toString('hex'),
  ]);
  return {
    generator: existsSync(generator) ? readFileSync(generator, 'hex') : undefined,
    tensors,
    random: checkpoint?.randomState,
    iterations: checkpoint?.iterations,
    pictures: bytes('samples'),
    metrics: metricsOf(out).map((line) => Object.assign(line, { stepMs: 0, elapsedS: 0 })),
  };
}

function flipBit(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at < 0 ? bytes.length + at : at] ^= 1;
  writeFileSync(path, bytes);
}
