/** How large a Worker may be: https://developers.cloudflare.com/workers/platform/limits/#worker-size */

export const MAX_BUNDLE_BYTES = 64 * 1024 ** 2;
/** The free plan's limit before September 2026, which this project's own Worker still keeps to. */
export const MAX_GZIPPED_BUNDLE_BYTES = 3_000_000;
/**
 * Room for the networks of the recipe at the largest pictures, 64 × 64, of 100 classes. That is more than the limit
 * above and a small part of the platform's; far larger networks take more time than a request has.
 */
export const MAX_GZIPPED_MODEL_BYTES = 6_000_000;
