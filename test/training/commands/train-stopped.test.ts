/** Trainings that are told to end, that meet in one folder, or that nobody listens to. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { newestCheckpoint } from '../../../training/gan/checkpoint.ts';
import { run, start, temporaryFolder } from '../helpers.ts';

const LONG = ['--steps-per-epoch', '100000', '--batch-size', '2', '--epochs', '1'];
const SHORT = ['--steps-per-epoch', '2', '--batch-size', '2', '--epochs', '2'];

/** A training that is under way. */
async function startTraining(args: readonly string[]) {
  const { process: child, ended } = start('train', args);
  await new Promise<void>((resolve) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      if (/ step [1-9]/.test(chunk.toString())) resolve();
    });
    void ended.then(() => resolve());
  });
  return { child, ended };
}

function stepIn(out: string): number {
  return newestCheckpoint(join(out, 'checkpoints')).checkpoint?.position.step ?? -1;
}

describe.skipIf(process.platform === 'win32')('a training', () => {
  test('keeps others out of its folder while it lives, and saves when it is told to end', async () => {
    const out = join(temporaryFolder(), 'run');
    const first = await startTraining([...LONG, '--out', out]);
    const second = await run('train', ['--out', out, '--resume']);
    expect(second).toMatchObject({ code: 1, stdout: '' });
    expect(second.stderr).toMatch(
      /^.*found another training that writes into it; .*--out DIR\.\n$/,
    );
    const third = await run('train', [...LONG, '--out', out]);
    expect(third).toMatchObject({ code: 1, stdout: '' });
    first.child.kill('SIGKILL');
    await first.ended;
    expect(stepIn(out)).toBe(0);

    const again = await startTraining(['--out', out, '--resume']);
    again.child.kill('SIGTERM');
    const terminated = await again.ended;
    expect(terminated).toMatchObject({ code: 143, stderr: '' });
    expect(terminated.stdout).toContain('Stopped after 0 epochs');
    const step = stepIn(out);
    expect(step).toBeGreaterThan(0);

    const last = await startTraining(['--out', out, '--resume']);
    last.child.kill('SIGHUP');
    expect(await last.ended).toMatchObject({ code: 129, stderr: '' });
    expect(stepIn(out)).toBeGreaterThan(step);
  });

  test('whose output goes nowhere runs to its end', async () => {
    const out = join(temporaryFolder(), 'run');
    const file = join(import.meta.dirname, '../../../training/commands/train.ts');
    const full = existsSync('/dev/full') ? openSync('/dev/full', 'w') : 'pipe';
    const child = spawn(process.execPath, [file, ...SHORT, '--out', out], {
      stdio: ['ignore', full, 'pipe'],
    });
    // Where there is no such device, a pipe that nobody reads.
    child.stdout?.destroy();
    const [code] = (await once(child, 'close')) as [number];
    if (typeof full === 'number') closeSync(full);
    expect(code).toBe(0);
    expect(readFileSync(join(out, 'metrics.jsonl'), 'utf8').trimEnd().split('\n')).toHaveLength(2);
    expect(existsSync(join(out, 'generator.safetensors'))).toBe(true);
  });
});
