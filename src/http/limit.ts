/** The limit on requests: https://developers.cloudflare.com/workers/runtime-apis/bindings/rate-limit/ */

import type { MiddlewareHandler } from 'hono';

import { type AppEnv, settingsOf } from './bindings.ts';
import { Problem } from './problem.ts';

/** For routes that cost CPU time: limits how often a client, identified by its address, may ask. */
export const limitRequests: MiddlewareHandler<AppEnv> = async ({ req, env }, next) => {
  const { limiter, retryAfterS } = settingsOf(env);
  if (limiter) {
    const { success } = await limiter.limit({
      key: req.header('CF-Connecting-IP') ?? 'no address',
    });
    if (!success) {
      const detail = `Too many requests; try again in ${retryAfterS} seconds.`;
      throw new Problem(429, detail, {}, { 'Retry-After': `${retryAfterS}` });
    }
  }
  await next();
};
