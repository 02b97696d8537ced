/** What the operator sets in wrangler.toml, and what holds where an environment leaves it out. */

import { MAX_COUNT, MAX_PICTURE_PIXELS } from './bounds.ts';

/** Without a limiter, nobody is limited. */
export type Bindings = Readonly<Partial<Env>>;

/** What Hono calls the environment of an app. */
export interface AppEnv {
  readonly Bindings: Bindings;
}

const RATE_LIMIT_PERIOD_S = 60;

export interface Settings {
  readonly maxCount: number;
  readonly maxPixels: number;
  readonly limiter: RateLimit | undefined;
  /** After how many seconds a client that asked too often may try again. */
  readonly retryAfterS: number;
}

/** @param bindings none where an app is called without an environment, as outside of Workers */
export function settingsOf(bindings: Bindings = {}): Settings {
  return {
    maxCount: bindings.MAX_COUNT ?? MAX_COUNT,
    maxPixels: bindings.MAX_PICTURE_PIXELS ?? MAX_PICTURE_PIXELS,
    limiter: bindings.RATE_LIMIT === 'off' ? undefined : bindings.RATE_LIMITER,
    retryAfterS: bindings.RATE_LIMIT_PERIOD_S ?? RATE_LIMIT_PERIOD_S,
  };
}
