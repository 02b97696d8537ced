/** What the operator sets in wrangler.toml, and what holds where an environment leaves it out. */

import { MAX_COUNT, MAX_PICTURE_PIXELS } from './bounds.ts';

/** Without a limiter, nobody is limited. */
export type Bindings = Readonly<Partial<Env>>;

/** What Hono calls the environment of an app. */
export interface AppEnv {
  readonly Bindings: Bindings;
}

const RATE_LIMIT_PERIOD_S = 60;
const ORIGIN = /^https?:\/\/[^/?#\s]+$/;

export interface Settings {
  /**
   * What makes addresses absolute, such as https://digits.example.com; empty where the operator names none. Never taken
   * from the request: what a cache keeps may not depend on who asked first.
   */
  readonly origin: string;
  readonly maxCount: number;
  readonly maxPixels: number;
  readonly limiter: RateLimit | undefined;
  /** After how many seconds a client that asked too often may try again. */
  readonly retryAfterS: number;
}

/** @param bindings none where an app is called without an environment, as outside of Workers */
export function settingsOf(bindings: Bindings = {}): Settings {
  return {
    origin: originOf(bindings.ORIGIN ?? ''),
    maxCount: bindings.MAX_COUNT ?? MAX_COUNT,
    maxPixels: bindings.MAX_PICTURE_PIXELS ?? MAX_PICTURE_PIXELS,
    limiter: bindings.RATE_LIMIT === 'off' ? undefined : bindings.RATE_LIMITER,
    retryAfterS: bindings.RATE_LIMIT_PERIOD_S ?? RATE_LIMIT_PERIOD_S,
  };
}

/** @throws Error that names the variable, for the log */
function originOf(variable: string): string {
  const origin = variable.endsWith('/') ? variable.slice(0, -1) : variable;
  if (origin === '' || ORIGIN.test(origin)) return origin;
  throw new Error(
    `ORIGIN is ${JSON.stringify(variable)}, expected an origin such as https://digits.example.com`,
  );
}
