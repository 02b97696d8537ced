/** The attack on the service: it sees what is broken, and for a while finds nothing in the production bundle. */

import { expect, test } from 'vitest';

import type { Answer, Request } from '../../../training/attack/requests/client.ts';
import { faultOf } from '../../../training/attack/requests/judge.ts';
import { requests } from '../../../training/attack/requests/requests.ts';

test('four hundred requests break nothing', async () => {
  const found: string[] = [];
  let most = 0;
  const summary = await requests.run('test', 400, {
    found: (line) => found.push(line),
    done: (cases) => (most = cases),
  });
  expect(found).toEqual([]);
  expect(most).toBe(400);
  expect(summary).toMatch(/^200 × \d+, .*404 × \d+/);
});

const REQUEST: Request = { method: 'GET', target: '/digit', headers: [] };
const COMMON = { 'x-content-type-options': 'nosniff', 'access-control-allow-origin': '*' };

function answered(status: number, type: string, body: string, more: Record<string, string> = {}) {
  const headers = { ...COMMON, 'content-type': type, 'content-length': `${body.length}`, ...more };
  return {
    status,
    headers: Object.entries(headers),
    body: Buffer.from(body, 'latin1'),
  } satisfies Answer;
}

const PROBLEM = '{"status":404,"detail":"There is none."}';
const NO_STORE = { 'cache-control': 'no-store' };

test.each<[string, Answer]>([
  ['status 500', answered(500, 'application/problem+json', '{}')],
  ['a header from the request', answered(200, 'application/json', '{}', { 'x-injected': 'yes' })],
  ['a body that is no application/json', answered(200, 'application/json', '{')],
  ['a body that is no image/png', answered(200, 'image/png', '\x89PNG')],
  ['a body that is no image/gif', answered(200, 'image/gif', 'GIF89a')],
  ['a body that is no image/svg+xml', answered(200, 'image/svg+xml', '<svg a="b"><script>')],
  ['a body that is no application/x-npy', answered(200, 'application/x-npy', '\x93NUMPY')],
  ['a body of type text/rtf', answered(200, 'text/rtf', '')],
  [
    '2 bytes, Content-Length says 3',
    answered(200, 'application/json', '{}', { 'content-length': '3' }),
  ],
  ['a problem that caches may keep', answered(404, 'application/problem+json', PROBLEM)],
  [
    'a problem that says another status',
    answered(400, 'application/problem+json', PROBLEM, NO_STORE),
  ],
  [
    'no CORS header',
    answered(200, 'application/json', '{}', { 'access-control-allow-origin': '' }),
  ],
  [
    "without this Worker's headers",
    answered(502, 'text/html', '', { 'x-content-type-options': '' }),
  ],
])('it sees %s', (fault, answer) => {
  expect(faultOf(REQUEST, answer)).toContain(fault);
});

test('it lets pass what the interface promises', () => {
  const fine = [
    answered(200, 'application/json', '{}'),
    answered(404, 'application/problem+json', PROBLEM, NO_STORE),
    answered(304, '', ''),
  ];
  for (const answer of fine) expect(faultOf(REQUEST, answer)).toBeUndefined();
});
