import { afterEach, expect, test, vi } from 'vitest';

import { listenForInterrupt } from '../../../training/cli/interrupt.ts';

afterEach(() => {
  process.removeAllListeners('SIGINT');
  vi.restoreAllMocks();
});

test('the first Ctrl-C asks for a stop, the second leaves at once', () => {
  let nowMs = 1000;
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
  const exit = vi.spyOn(process, 'exit').mockImplementation(() => undefined as never);
  const heard = vi.fn<() => void>();
  const interrupted = listenForInterrupt(heard);
  expect(interrupted()).toBe(false);

  process.emit('SIGINT');
  expect(interrupted()).toBe(true);
  expect(heard).toHaveBeenCalledOnce();
  // npm passes the same keystroke on once more.
  nowMs += 20;
  process.emit('SIGINT');
  expect(exit).not.toHaveBeenCalled();

  nowMs += 1000;
  process.emit('SIGINT');
  expect(exit).toHaveBeenCalledExactlyOnceWith(130);
  expect(heard).toHaveBeenCalledOnce();
});
