/** Ctrl-C: the first one asks to stop in good order, a second one leaves at once. */

/**
 * npm passes on a Ctrl-C that the terminal has already sent to every process: one that comes this soon
 * after the first is the same keystroke.
 */
const SAME_KEYSTROKE_MS = 300;

/** Listens from now on and calls `heard` at the first one. Returns a function that says whether there was one. */
export function listenForInterrupt(heard: () => void): () => boolean {
  let firstMs: number | undefined;
  process.on('SIGINT', () => {
    if (firstMs === undefined) {
      firstMs = performance.now();
      heard();
    } else if (performance.now() - firstMs > SAME_KEYSTROKE_MS) {
      process.exit(130);
    }
  });
  return () => firstMs !== undefined;
}
