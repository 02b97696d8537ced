/** Ctrl-C: the first asks for a stop after saving, a second one leaves at once. */

/**
 * npm passes a Ctrl-C on that the terminal has sent to all processes already: what comes this soon
 * after the first is the same keystroke.
 */
const SAME_KEYSTROKE_MS = 300;

/** Listens from now on. Returns a function that says whether there was a Ctrl-C. */
export function listenForInterrupt(say: (line: string) => void): () => boolean {
  let firstMs: number | undefined;
  process.on('SIGINT', () => {
    if (firstMs === undefined) {
      firstMs = performance.now();
      say('Stopping after this step to save a checkpoint; Ctrl-C again leaves at once.');
    } else if (performance.now() - firstMs > SAME_KEYSTROKE_MS) {
      process.exit(130);
    }
  });
  return () => firstMs !== undefined;
}
