/** What the operator sets in wrangler.toml, and what holds where an environment leaves it out. */

import type { MiddlewareHandler } from 'hono';

import { MAX_COUNT, MAX_PICTURE_PIXELS } from './bounds.ts';

/** Without a limiter nobody is limited, which is an error where the variable says otherwise. */
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

/**
 * @param bindings none where an app is called without an environment, as outside of Workers
 * @throws Error that names what is wrong, for the log
 */
export function settingsOf(bindings: Bindings = {}): Settings {
  return {
    origin: originOf(bindings.ORIGIN ?? ''),
    maxCount: bindings.MAX_COUNT ?? MAX_COUNT,
    maxPixels: bindings.MAX_PICTURE_PIXELS ?? MAX_PICTURE_PIXELS,
    limiter: limiterOf(bindings),
    retryAfterS: bindings.RATE_LIMIT_PERIOD_S ?? RATE_LIMIT_PERIOD_S,
  };
}

/** No request is answered by wrong settings, not even one that needs none of them: the first one tells. */
export const checkSettings: MiddlewareHandler<AppEnv> = ({ env }, next) => {
  settingsOf(env);
  return next();
};

function limiterOf({ RATE_LIMIT, RATE_LIMITER }: Bindings): RateLimit | undefined {
  if (RATE_LIMIT === 'on' && RATE_LIMITER === undefined) {
    throw new Error(
      'RATE_LIMIT is "on", but there is no RATE_LIMITER: add [[ratelimits]] to this environment in wrangler.toml, ' +
        'or set RATE_LIMIT to "off"',
    );
  }
  return RATE_LIMIT === 'off' ? undefined : RATE_LIMITER;
}

function originOf(variable: string): string {
  const origin = variable.endsWith('/') ? variable.slice(0, -1) : variable;
  if (origin === '' || ORIGIN.test(origin)) return origin;
  throw new Error(
    `ORIGIN is ${JSON.stringify(variable)}, expected an origin such as https://digits.example.com`,
  );
}
