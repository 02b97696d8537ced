import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { parseSafetensors, serializeSafetensors } from '../../../src/weights/safetensors.ts';
import { readNetwork } from '../../../training/bundle/network.ts';
import { run, temporaryFolder } from '../helpers.ts';
import { floatFileOf, generatorOf } from '../quantization/generators.ts';

const line = (epoch: number) => ({ epoch, discriminatorLoss: 0.6, generatorLoss: 0.9 });
const linesOf = (all: readonly object[]) => all.map((each) => `${JSON.stringify(each)}\n`).join('');

describe('npm run quantize', () => {
  test('writes weights that the Worker reads, and says what they are', async () => {
    const folder = temporaryFolder();
    const source = join(folder, 'generator.safetensors');
    const generator = generatorOf(2, [20, 32, 784]);
    writeFileSync(source, floatFileOf(generator));
    const out = join(folder, 'new', 'int8.safetensors');
    const ended = await run('quantize', ['--from', folder, '--out', out]);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toMatch(/mean 0\.\d+, 99\.9 % of the pixels at most \d+, .* largest \d+/);

    const bytes = readFileSync(out);
    expect(readNetwork(bytes).layers.map(({ outputs }) => outputs)).toEqual([32, 784]);
    const { metadata } = parseSafetensors(bytes);
    expect(metadata).toMatchObject({
      ...generator.metadata,
      sha256: createHash('sha256').update(readFileSync(source)).digest('hex'),
      quantization: expect.stringContaining('int8'),
    });
    expect(JSON.parse(metadata['fidelity'])).toMatchObject({ latents: 10_000 });

    const again = join(folder, 'again.safetensors');
    await run('quantize', ['--from', source, '--out', again]);
    expect(readFileSync(again)).toEqual(bytes);
  });

  test('--snapshots writes those of a run that tell how it learned, and what was measured', async () => {
    const run0 = temporaryFolder();
    mkdirSync(join(run0, 'snapshots'));
    const epochs = [1, 2, 3, 5, 7];
    for (const epoch of epochs) {
      const name = `epoch-000${epoch}.safetensors`;
      writeFileSync(join(run0, 'snapshots', name), floatFileOf(generatorOf(epoch, [20, 32, 784])));
    }
    const metrics = Array.from({ length: 9 }, (_, i) => ({
      ...line(i + 1),
      step: i,
      stepMs: 1,
      elapsedS: i,
    }));
    writeFileSync(join(run0, 'metrics.jsonl'), linesOf(metrics));
    const out = join(run0, 'shown');
    mkdirSync(out);
    writeFileSync(join(out, 'epoch-0400.safetensors'), 'of the run before');

    const ended = await run('quantize', ['--from', run0, '--snapshots', '--out', out]);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout.trim().split('\n')).toHaveLength(4);
    const names = [1, 2, 5, 7].map((epoch) => `epoch-000${epoch}.safetensors`);
    expect(readdirSync(out).toSorted()).toEqual([...names, 'metrics.jsonl']);
    for (const name of names)
      expect(readNetwork(readFileSync(join(out, name))).kind).toBe('generator');
    const shown = Array.from({ length: 7 }, (_, i) => line(i + 1));
    expect(readFileSync(join(out, 'metrics.jsonl'), 'utf8')).toBe(linesOf(shown));

    const none = await run('quantize', ['--from', out, '--snapshots', '--out', out]);
    expect(none.code).toBe(1);
    expect(none.stderr).toMatch(/^.*found no snapshots of a run; .*\n$/);
    expect(readdirSync(out)).toHaveLength(5);
  });

  test('refuses what is no generator, and leaves the weights that are there', async () => {
    const folder = temporaryFolder();
    const [source, out] = [join(folder, 'x.safetensors'), join(folder, 'int8.safetensors')];
    writeFileSync(out, 'the weights so far');
    const broken: [contents: Uint8Array | undefined, says: string][] = [
      [undefined, 'no such run'],
      [new Uint8Array(3), 'no float generator'],
      [serializeSafetensors([], { kind: 'checkpoint' }), 'no float generator'],
      [serializeSafetensors([], generatorOf().metadata), 'dense_1.weight'],
    ];
    for (const [contents, says] of broken) {
      if (contents !== undefined) writeFileSync(source, contents);
      const { code, stderr } = await run('quantize', ['--from', source, '--out', out]);
      expect(code).toBe(1);
      expect(stderr).toMatch(/^.*\n$/);
      expect(stderr).toContain(says);
    }
    const elsewhere = await run('quantize', ['--from', folder, '--out', out]);
    expect(elsewhere.code).toBe(1);
    expect(elsewhere.stderr).toMatch(/^.*found no run in this folder.*\n$/);
    writeFileSync(join(folder, 'config.json'), '{}');
    const unfinished = await run('quantize', ['--from', folder, '--out', out]);
    expect(unfinished.code).toBe(1);
    expect(unfinished.stderr).toMatch(/^.*--resume.*snapshots.*\n$/);
    expect(readFileSync(out, 'utf8')).toBe('the weights so far');
  });

  test('refuses a generator of other data than the classifier, and says what mends it', async () => {
    const folder = temporaryFolder();
    const generator = generatorOf(2, [20, 32, 784]);
    const clothes = { ...generator.metadata, dataset: 'fashion-mnist' };
    writeFileSync(join(folder, 'generator.safetensors'), floatFileOf(generator, clothes));
    const out = join(folder, 'int8.safetensors');
    const { code, stderr } = await run('quantize', ['--from', folder, '--out', out]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^\S+generator\.safetensors and weights\/classifier\.safetensors: .*fashion-mnist .*MNIST .*npm run train:classifier.*\n$/,
    );
    expect(existsSync(out)).toBe(false);
  });

  test('asks for --from with exit code 2', async () => {
    const { code, stderr } = await run('quantize', []);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^--from: .*\n$/);
    expect(existsSync('undefined')).toBe(false);
  });
});
