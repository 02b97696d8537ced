/**
 * Bounds on what one request may ask for, where the operator sets no others. With those on frames and figures
 * (parameters.ts) and on candidates (training/bundle/candidates.ts: a hundred digits take 256 draws at most, on average)
 * they bound a request's CPU time, and all of them are known before anything is drawn.
 */

/** The most digits. */
export const MAX_COUNT = 100;
/** The most pixels that a picture may have, over all of its frames: a bound on a request's CPU time. */
export const MAX_PICTURE_PIXELS = 2 ** 20;
