/** A signal that reaches npm, or a whole process group, ends what npm has started, and nothing is left behind. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { join } from 'node:path';

import { describe, expect, onTestFinished, test } from 'vitest';

import { newestCheckpoint } from '../training/gan/checkpoint.ts';
import { temporaryFolder } from './training/helpers.ts';

/** A script as a terminal starts it, in a process group of its own, once it has said that it is under way. */
async function startScript(args: readonly string[], sign: string) {
  const npm = spawn('npm', ['run', ...args], {
    cwd: join(import.meta.dirname, '..'),
    detached: true,
  });
  let stdout = '';
  const started = new Promise<void>((resolve) => {
    npm.stdout.on('data', (text: Buffer) => {
      stdout += text.toString();
      if (stdout.includes(sign)) resolve();
    });
  });
  // Comes only when the last process that writes to npm's output is gone.
  const closed = once(npm, 'close').then((how) => {
    const [code, signal] = how as [number | null, NodeJS.Signals | null];
    // What a shell would call the exit code: npm ends by the signal that has ended its own shell.
    return { code: signal === null ? code : 128 + constants.signals[signal], stdout };
  });
  await Promise.race([started, closed]);
  const { pid } = npm;
  if (pid === undefined) throw new Error('npm did not start');
  onTestFinished(() => endGroup(pid));
  return { pid, closed };
}

/** Ends what a failed test has left behind. */
function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing is left.
  }
}

/** More steps than any test waits for. */
function startTraining(out: string) {
  const steps = ['--epochs', '1', '--steps-per-epoch', '1000000', '--batch-size', '2'];
  return startScript(['train:wasm', '--', ...steps, '--out', out], 'step 1/');
}

describe.skipIf(process.platform === 'win32')('npm', () => {
  test('told to end, ends training', async () => {
    const { pid, closed } = await startTraining(join(temporaryFolder(), 'run'));
    process.kill(pid, 'SIGTERM');
    const { stdout } = await closed;
    expect(stdout).toContain('step 1/');
  });

  test('told to end, ends the server', async () => {
    const { pid, closed } = await startScript(['start', '--', '--port', '0'], 'Ready on');
    process.kill(pid, 'SIGTERM');
    const { stdout } = await closed;
    expect(stdout).toContain('Ready on');
  });

  test('interrupted by Ctrl-C, lets training save a checkpoint, once', async () => {
    const out = join(temporaryFolder(), 'run');
    const { pid, closed } = await startTraining(out);
    process.kill(-pid, 'SIGINT');
    const { code, stdout } = await closed;
    expect(code).toBe(130);
    expect(stdout.match(/Stopped after/g)).toHaveLength(1);
    expect(newestCheckpoint(join(out, 'checkpoints')).checkpoint?.position.step).toBeGreaterThan(0);
  });
});
