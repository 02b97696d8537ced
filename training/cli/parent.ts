/**
 * Ends a script when npm is told to end. npm starts scripts in a shell and passes signals on to that
 * shell, but many a shell dies of a signal without passing it on, and leaves the script behind.
 */

const INTERVAL_MS = 500;

/** From now on, and only for what npm has started: a program started by hand may outlive its shell. */
export function endWithNpm(): void {
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const shell = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, INTERVAL_MS);
  watch.unref();
}
