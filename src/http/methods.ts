/** Methods other than GET and HEAD: OPTIONS is a preflight, all others are refused. */

import type { Context, Handler } from 'hono';
import { cors } from 'hono/cors';

import { Problem } from './problem.ts';

const METHODS = ['GET', 'HEAD', 'OPTIONS'].join(', ');

const allowAnyRequest = cors({
  // As one string, since Hono would join them without spaces.
  allowMethods: [METHODS],
  allowHeaders: ['*'],
  maxAge: 86_400,
});

/** The answer to a browser that asks for permission first: https://fetch.spec.whatwg.org/#http-cors-protocol */
export const preflight: Handler<object, string> = async (c) => {
  await allowAnyRequest(c, async () => {});
  // Hono adds Access-Control-Request-Headers, but * allows all of them alike.
  c.res.headers.delete('Vary');
  return c.body(null, 204, { Allow: METHODS });
};

/** The answer to any other method on a route that exists. */
export function refuseMethod({ req }: Context): Response {
  const detail = `This route answers ${METHODS}, not ${req.method}.`;
  return new Problem(405, detail, {}, { Allow: METHODS }).getResponse();
}
