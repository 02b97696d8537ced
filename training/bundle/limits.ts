/** How large a Worker may be: https://developers.cloudflare.com/workers/platform/limits/#worker-size */

export const MAX_BUNDLE_BYTES = 64 * 1024 ** 2;
/** The free plan's limit before September 2026, which this project still keeps to. */
export const MAX_GZIPPED_BUNDLE_BYTES = 3_000_000;
/** What of it code, page and kernel leave to the model. */
export const MAX_GZIPPED_MODEL_BYTES = MAX_GZIPPED_BUNDLE_BYTES - 100_000;
