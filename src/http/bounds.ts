/** Bounds on what one request may ask for, where the operator sets no others. */

/** The most digits. */
export const MAX_COUNT = 100;
/** The most pixels that a picture may have, over all of its frames: a bound on a request's CPU time. */
export const MAX_PICTURE_PIXELS = 2 ** 20;
