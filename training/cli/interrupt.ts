/**
 * Requests to stop: Ctrl-C (SIGINT), `kill` (SIGTERM), a terminal that is closed (SIGHUP). The first one asks to stop in
 * good order; a Ctrl-C after it leaves at once. The other two do not count as a second one, since several senders may
 * mean the same: a shell, npm, cli/parent.ts.
 */

import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
export type StopSignal = (typeof SIGNALS)[number];

/**
 * npm passes on a Ctrl-C that the terminal has already sent to every process: one that comes this soon
 * after the first is the same keystroke.
 */
const SAME_KEYSTROKE_MS = 300;

/** Listens from now on and calls `heard` at the first one. Returns a function that says which it was, if there was one. */
export function listenForStop(heard: (signal: StopSignal) => void): () => StopSignal | undefined {
  let first: { readonly signal: StopSignal; readonly ms: number } | undefined;
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (first === undefined) {
        first = { signal, ms: performance.now() };
        heard(signal);
      } else if (signal === 'SIGINT' && performance.now() - first.ms > SAME_KEYSTROKE_MS) {
        process.exit(exitCodeOf(signal));
      }
    });
  }
  return () => first?.signal;
}

/** What a shell calls the end of a process by this signal: 130, 143, 129. */
export function exitCodeOf(signal: StopSignal): number {
  return 128 + constants.signals[signal];
}
