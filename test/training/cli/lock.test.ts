import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { takeLock } from '../../../training/cli/lock.ts';
import { temporaryFolder } from '../helpers.ts';

test('one holds a lock until it is released', () => {
  const path = join(temporaryFolder(), 'lock');
  const first = takeLock(path);
  expect(first).toBeDefined();
  expect(takeLock(path)).toBeUndefined();
  first?.release();
  const second = takeLock(path);
  expect(second).toBeDefined();
  // Once more is no harm to whoever holds it by now.
  first?.release();
  expect(takeLock(path)).toBeUndefined();
  second?.release();
});

test('a process that is killed leaves no lock behind', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'lock');
  const module = JSON.stringify(join(import.meta.dirname, '../../../training/cli/lock.ts'));
  const code = `
    const { takeLock } = await import(${module});
    console.log(takeLock(${JSON.stringify(path)}) ? 'taken' : 'refused');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code]);
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  expect(said.toString()).toBe('taken\n');
  expect(takeLock(path)).toBeUndefined();
  expect(readdirSync(folder)).toEqual(['lock']);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const lock = takeLock(path);
  expect(lock).toBeDefined();
  lock?.release();
  expect(readdirSync(folder)).toEqual(['lock']);
});

test('where there can be no lock, an error says so', () => {
  const folder = temporaryFolder();
  expect(() => takeLock(join(folder, 'none', 'lock'))).toThrow('unable to open');
  mkdirSync(join(folder, 'lock'));
  expect(() => takeLock(join(folder, 'lock'))).toThrow('unable to open');
});
