/** No command of the project reaches the network but `wrangler deploy` and `login`: names are looked up by none. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { expect, onTestFinished, test } from 'vitest';

import { noiseFolder, temporaryFolder } from '../training/helpers.ts';
import { floatFileOf, generatorOf } from '../training/quantization/generators.ts';

const ROOT = join(import.meta.dirname, '../..');
const HOOK = pathToFileURL(join(import.meta.dirname, 'no-resolver.ts')).href;

/** A program without a resolver, and the names that it and what it starts have looked up so far. */
function startOffline(args: readonly string[]): { child: ChildProcess; names: () => string[] } {
  const LOOKUPS = join(temporaryFolder(), 'lookups');
  // What would keep wrangler quiet without this project's help is left out.
  const { WRANGLER_SEND_METRICS: _, CI: __, ...env } = process.env;
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...env, LOOKUPS, NODE_OPTIONS: `--import ${HOOK}` },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const names = () => (existsSync(LOOKUPS) ? readFileSync(LOOKUPS, 'utf8').trim().split('\n') : []);
  return { child, names };
}

async function namesLookedUpBy(args: readonly string[]): Promise<string[]> {
  const { child, names } = startOffline(args);
  child.stdout?.resume();
  const [code] = (await once(child, 'close')) as [number | null];
  expect(code, args.join(' ')).toBe(0);
  return names();
}

test('a program that asks for a name is noticed', async () => {
  const program = 'await fetch("https://example.com").catch(() => {})';
  expect(await namesLookedUpBy(['--input-type=module', '-e', program])).toEqual(['example.com']);
});

test.each([['build'], ['types', '--check']])(
  'npm run %s looks up nothing',
  async (name, ...args) => {
    expect(await namesLookedUpBy([`training/commands/${name}.ts`, ...args])).toEqual([]);
  },
);

test('npm run sample looks up nothing', async () => {
  const out = join(temporaryFolder(), 'a.png');
  expect(await namesLookedUpBy(['training/commands/sample.ts', '--out', out])).toEqual([]);
});

test.each<[name: string, args: (folder: string) => string[]]>([
  ['train', (folder) => ['--steps-per-epoch', '1', '--epochs', '1', '--out', join(folder, 'run')]],
  ['quantize', (folder) => ['--from', weightsIn(folder), '--out', join(folder, 'int8')]],
  ['export', (folder) => ['--from', weightsIn(folder), '--to', 'onnx', '--out', join(folder, 'o')]],
  [
    'evaluate',
    (folder) => [
      '--weights',
      weightsIn(folder),
      '--data',
      noiseFolder(),
      '--samples',
      '50',
      '--nearest',
      join(folder, 'nearest.png'),
    ],
  ],
  ['doctor', () => []],
])('npm run %s looks up nothing', async (name, args) => {
  const command = `training/commands/${name}.ts`;
  expect(await namesLookedUpBy([command, ...args(temporaryFolder())])).toEqual([]);
});

/** Float weights of a small generator. */
function weightsIn(folder: string): string {
  const path = join(folder, 'generator.safetensors');
  writeFileSync(path, floatFileOf(generatorOf(2, [20, 32, 784])));
  return path;
}

test('the Worker is bundled without a look at the network', async () => {
  const out = join(temporaryFolder(), 'out');
  const parameters = JSON.stringify(['deploy', '--dry-run', '--outdir', out]);
  const program = `import { runWrangler } from './training/bundle/wrangler.ts'; await runWrangler('.', ${parameters});`;
  expect(await namesLookedUpBy(['--input-type=module', '-e', program])).toEqual([]);
});

test('npm start looks up nothing, also while it answers', async () => {
  const { child, names } = startOffline(['training/commands/start.ts', '--port', '0']);
  let stdout = '';
  for await (const text of child.stdout ?? []) {
    stdout += String(text);
    const url = /Ready on (http:\S+)/.exec(stdout)?.[1];
    if (url === undefined) continue;
    expect((await fetch(`${url}/digit.png?seed=a`)).status).toBe(200);
    break;
  }
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
  expect(names()).toEqual([]);
});
