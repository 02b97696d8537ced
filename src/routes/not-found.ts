/** What is answered where there is no route; where only the ending is wrong, it says which ones there are. */

import type { Context } from 'hono';

import { mountPathOf } from '../http/mount.ts';
import { Problem } from '../http/problem.ts';
import { digit } from './digit.ts';
import { digits } from './digits.ts';
import { number } from './number.ts';
import { walk } from './walk.ts';

/** Paths without their endings, and what answers them. Behind /digit/ is a seed, to which any other ending belongs. */
const ENDED = [
  [/^\/(?:digit|[0-9]+)$/, digit],
  [/^\/digits$/, digits],
  [/^\/number\/[0-9]+$/, number],
  [/^\/walk$/, walk],
] as const;

/** For Hono's notFound. */
export function answerNotFound(c: Context): Response {
  const path = c.req.path.slice(mountPathOf(c).length);
  const stem = path.replace(/\.[^/.]*$/, '');
  const found = stem === path ? undefined : ENDED.find(([pattern]) => pattern.test(stem));
  const detail = `There is no ${c.req.path} here`;
  if (!found) return new Problem(404, `${detail}.`).getResponse();
  const endings = found[1].formats.map(({ name }) => `.${name}`);
  const expected = `the endings of ${stem} are ${endings.join(', ')}`;
  return new Problem(404, `${detail}; ${expected}.`, { endings }).getResponse();
}
