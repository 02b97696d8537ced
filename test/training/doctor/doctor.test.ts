import { availableParallelism } from 'node:os';

import { describe, expect, test } from 'vitest';

import { judge, missing, reportOf } from '../../../training/doctor/line.ts';
import { run, temporaryFolder } from '../helpers.ts';

describe('doctor', () => {
  test('explains itself', async () => {
    const { code, stdout } = await run('doctor', ['--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('npm run doctor');
  });

  test('names an unknown flag in one line', async () => {
    const { code, stdout, stderr } = await run('doctor', ['--deep']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^--deep: .*\n$/);
  });

  test('has a line for each thing, with what was found and a verdict', async () => {
    const { code, stdout, stderr } = await run('doctor', []);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const cores = availableParallelism();
    const lines = stdout.trimEnd().split('\n');
    for (const line of lines) expect(line).toMatch(/^\S.*? {2,}\S.*? {2,}(ok$|note: \S)/);
    const found = new Map(lines.map((line) => line.split(/ {2,}/).slice(0, 2) as [string, string]));
    expect([...found]).toEqual([
      ['Node', process.versions.node],
      ['WebAssembly SIMD', 'yes'],
      ['relaxed SIMD', expect.stringMatching(/^(yes|no)$/)],
      ['shared memory', 'yes'],
      ['data set', expect.stringContaining('60000 images')],
      ['tiles of products', expect.stringMatching(/^(256|128) bits$/)],
      ['threads', expect.stringMatching(`^${cores} of ${cores} cores, [0-9.]+ busy$`)],
      ['one training step', expect.stringMatching(/^[1-9][0-9.]* ms, median of [0-9]+$/)],
      ['400 epochs', expect.stringMatching(/^about /)],
      ['memory of training', expect.stringMatching(/^[1-9][0-9]+ MB at most$/)],
      ['limit on requests', '1,000 in 60 s a client'],
      ['Worker', expect.stringMatching(/^[0-9,]+ kB of 64 MiB$/)],
      ['Worker, gzipped', expect.stringMatching(/^[0-9,]+ kB of 3 MB$/)],
      ['Worker, first answer', expect.stringMatching(/^[0-9]+ ms of 1 s/)],
    ]);
  });

  test('says what to do if something could be better', () => {
    const lines = [judge('a', 'one', true, 'unused'), judge('longer', '2', false, 'do this')];
    expect(reportOf(lines)).toBe('a       one  ok\nlonger  2    note: do this\n');
  });

  test('says what to do if a file is missing', () => {
    const lines = missing(temporaryFolder(), 'weights/generator.safetensors', 'make it');
    expect(reportOf(lines)).toBe('weights/generator.safetensors  none  missing: make it\n');
    expect(missing(import.meta.dirname, 'doctor.test.ts', 'make it')).toEqual([]);
  });
});
