import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { type StopSignal, exitCodeOf, listenForStop } from '../../../training/cli/interrupt.ts';

const SIGNALS: readonly StopSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
let nowMs = 0;

beforeEach(() => {
  nowMs = 1000;
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
});

afterEach(() => {
  for (const signal of SIGNALS) process.removeAllListeners(signal);
  vi.restoreAllMocks();
});

function listen() {
  const exit = vi.spyOn(process, 'exit').mockImplementation(() => undefined as never);
  const heard = vi.fn<(signal: StopSignal) => void>();
  return { exit, heard, stopped: listenForStop(heard) };
}

test('the first Ctrl-C asks for a stop, the second leaves at once', () => {
  const { exit, heard, stopped } = listen();
  expect(stopped()).toBeUndefined();
  process.emit('SIGINT');
  expect(stopped()).toBe('SIGINT');
  expect(heard).toHaveBeenCalledExactlyOnceWith('SIGINT');
  // npm passes the same keystroke on once more.
  nowMs += 20;
  process.emit('SIGINT');
  expect(exit).not.toHaveBeenCalled();

  nowMs += 1000;
  process.emit('SIGINT');
  expect(exit).toHaveBeenCalledExactlyOnceWith(130);
  expect(heard).toHaveBeenCalledOnce();
});

describe.each([
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('%s', (signal, code) => {
  test(`asks for a stop, with exit code ${code}; more of them change nothing, Ctrl-C leaves at once`, () => {
    const { exit, heard, stopped } = listen();
    process.emit(signal);
    expect(stopped()).toBe(signal);
    expect(exitCodeOf(signal)).toBe(code);
    nowMs += 1000;
    process.emit('SIGTERM');
    process.emit('SIGHUP');
    expect(exit).not.toHaveBeenCalled();
    expect(heard).toHaveBeenCalledOnce();
    process.emit('SIGINT');
    expect(exit).toHaveBeenCalledExactlyOnceWith(130);
  });
});
