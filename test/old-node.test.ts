/** A Node that cannot run the commands is told so in one line: where npm brought none along, the machine's own runs. */

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

const START = join(import.meta.dirname, '../tools/node/start.cjs');

/** Loads what every command loads first on a machine that says this of itself. */
function start(versions: { node: string }, machine: { platform: string; arch: string }) {
  const pretend = Object.entries({ versions, ...machine }).map(
    ([name, value]) =>
      `Object.defineProperty(process, ${JSON.stringify(name)}, { value: ${JSON.stringify(value)} });`,
  );
  const code = `${pretend.join('')} require(${JSON.stringify(START)}); console.log('goes on')`;
  return spawnSync(process.execPath, ['-e', code], { encoding: 'utf8' });
}

describe('Node 20', () => {
  test.each([
    ['linux', 'x64', /npm ci without --omit=optional/],
    ['win32', 'x64', /npm ci without --omit=optional/],
    ['freebsd', 'x64', /npm has none for freebsd-x64/],
    ['linux', 'riscv64', /npm has none for linux-riscv64/],
  ])('on %s-%s ends with what to do', (platform, arch, remedy) => {
    const { status, stdout, stderr } = start({ node: '20.20.2' }, { platform, arch });
    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^Found Node 20\.20\.2, expected 26\.10\.0, or at least 24, .*\.\n$/);
    expect(stderr).toMatch(remedy);
  });
});

test('this Node goes on', () => {
  const { versions, platform, arch } = process;
  const { status, stdout, stderr } = start({ node: versions.node }, { platform, arch });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: 'goes on\n', stderr: '' });
});
