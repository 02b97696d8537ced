import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { toNpz } from '../../../training/export/npz.ts';
import { run, temporaryFolder } from '../helpers.ts';
import { floatFileOf, generatorOf, quantizedFileOf } from '../quantization/generators.ts';

describe('npm run export', () => {
  test.each([
    ['npz', 'generator.npz', ['']],
    ['onnx', 'new/generator.onnx', ['']],
    ['tfjs', 'new/model', ['weights.bin', 'model.json']],
  ])('writes %s, and says where it is', async (to, name, files) => {
    const folder = temporaryFolder();
    const source = join(folder, 'generator.safetensors');
    const out = join(folder, name);
    writeFileSync(source, floatFileOf(generatorOf()));
    const ended = await run('export', ['--from', source, '--to', to, '--out', out]);
    const paths = files.map((file) => join(out, file));
    const stdout = `${source} → ${paths.join(', ')}\n`;
    expect(ended).toEqual({ code: 0, signal: null, stderr: '', stdout });
    for (const path of paths) expect(existsSync(path)).toBe(true);
    if (to === 'npz') expect(new Uint8Array(readFileSync(out))).toEqual(toNpz(generatorOf()));
  });

  test("takes a run's folder for its generator", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'generator.safetensors'), floatFileOf(generatorOf()));
    const out = join(folder, 'generator.npz');
    expect(await run('export', ['--from', folder, '--to', 'npz', '--out', out])).toMatchObject({
      code: 0,
    });
    expect(existsSync(out)).toBe(true);
  });

  test.each([
    ['nothing', undefined, 'no such'],
    ['int8 weights', quantizedFileOf(generatorOf()), 'dense_1.weight is I8'],
    ['another file', new Uint8Array(3), 'no float generator'],
  ])('refuses %s in one line, and writes nothing', async (_, contents, says) => {
    const folder = temporaryFolder();
    const [source, out] = [join(folder, 'x.safetensors'), join(folder, 'generator.npz')];
    if (contents !== undefined) writeFileSync(source, contents);
    const { code, stderr } = await run('export', ['--from', source, '--to', 'npz', '--out', out]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^.*\n$/);
    expect(stderr).toContain(says);
    expect(existsSync(out)).toBe(false);
  });

  test('refuses a file where a folder is to be', async () => {
    const folder = temporaryFolder();
    const source = join(folder, 'generator.safetensors');
    writeFileSync(source, floatFileOf(generatorOf()));
    const ended = await run('export', ['--from', source, '--to', 'tfjs', '--out', source]);
    const stderr = `${source}: found a file, expected the name of a folder.\n`;
    expect(ended).toEqual({ code: 1, signal: null, stdout: '', stderr });
  });

  test.each([
    [['--to', 'npz', '--out', 'x'], '--from: missing'],
    [['--from', 'x', '--out', 'x'], '--to: missing, expected tfjs, onnx or npz'],
    [['--from', 'x', '--to', 'npz'], '--out: missing'],
    [['--from', 'x', '--to', 'keras', '--out', 'x'], "--to: found 'keras', expected tfjs, onnx"],
  ])('wrong use, %j, is exit code 2', async (args, says) => {
    const { code, stderr } = await run('export', args);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^.*\n$/);
    expect(stderr).toContain(says);
  });
});
