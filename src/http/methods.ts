/** Methods other than GET and HEAD: OPTIONS is a preflight, all others are refused. */

import type { Context, Handler } from 'hono';
import { cors } from 'hono/cors';

import { Problem } from './problem.ts';

const METHODS = ['GET', 'HEAD', 'OPTIONS'].join(', ');

const allowAnyRequest = cors({
  // As one text, since Hono would join them without spaces.
  allowMethods: [METHODS],
  allowHeaders: ['*'],
  maxAge: 86_400,
});

/** The answer to a browser that asks whether it may ask: https://fetch.spec.whatwg.org/#http-cors-protocol */
export const preflight: Handler<object, string> = async (c) => {
  await allowAnyRequest(c, async () => {});
  // Hono says that it varies by the headers asked for, of which * allows all.
  c.res.headers.delete('Vary');
  return c.body(null, 204, { Allow: METHODS });
};

/** For the routes that there are. */
export function refuseMethod({ req }: Context): Response {
  const detail = `This route answers ${METHODS}, not ${req.method}.`;
  return new Problem(405, detail, {}, { Allow: METHODS }).getResponse();
}
