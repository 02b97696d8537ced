/** Headers as clients, proxies and attackers send them. */

import type { Random } from '../../../src/sampler/random.ts';
import type { Request } from './client.ts';
import { pick } from './words.ts';

type Header = Request['headers'][number];

const HOSTS = ['localhost', 'digits.example', 'digits.example:8443', '127.0.0.1', '[::1]:80'];
/** The runtime takes them as they are. */
const MALFORMED_HOSTS = ['', 'a b', 'a/b', 'a@b', '[', 'a:b:c', '%00', 'é.example', '"><svg>'];

const ACCEPTS = [
  '*/*',
  'text/html,application/xhtml+xml,image/png;q=0.8',
  'image/*',
  'application/json',
  'image/svg+xml;q=0.5, image/png;q=0',
  'nothing/here',
  '',
  ',',
  ','.repeat(5000),
  'image/png;q=x, */*;q=9',
  'image/png;'.repeat(60),
  `text/${'x'.repeat(3000)}`,
  '\u00ff\u00fe',
];

/** What may be sent with any request: a name, and values that have troubled somebody. */
const FIELDS: readonly (readonly [name: string, values: readonly string[]])[] = [
  ['If-None-Match', ['*', '"a"', 'W/"a"', '"/digit.png?seed=a', ', ,', '"'.repeat(9000)]],
  ['If-Modified-Since', ['Thu, 01 Jan 1970 00:00:00 GMT', 'yesterday']],
  ['Range', ['bytes=0-0', 'bytes=-1', 'bytes=0-0,1-1,2-2', 'lines=1-2']],
  ['X-Forwarded-Host', ['evil.example', 'evil.example, localhost']],
  ['X-Forwarded-Proto', ['https', 'javascript']],
  ['X-Original-URL', ['/health']],
  ['X-HTTP-Method-Override', ['DELETE']],
  ['Forwarded', ['host=evil.example;proto=https']],
  ['CF-Connecting-IP', ['192.0.2.1', 'not an address']],
  ['Origin', ['https://evil.example', 'null']],
  ['Access-Control-Request-Headers', ['x-a, x-b', 'x'.repeat(3000)]],
  ['User-Agent', ['Slackbot 1.0', 'curl/8', 'bot'.repeat(2000), '']],
  ['Accept-Encoding', ['gzip, br', 'identity;q=0']],
  ['Cookie', [`a=${'b'.repeat(4000)}`]],
  ['Cache-Control', ['no-cache', 'only-if-cached']],
  ['Authorization', ['Bearer x']],
  ['Expect', ['200-maybe']],
];

/** Host, mostly Accept, and a few others. */
export function randomHeaders(random: Random): Request['headers'] {
  const host = random.below(25) === 0 ? pick(random, MALFORMED_HOSTS) : pick(random, HOSTS);
  const headers: Header[] = [['Host', host]];
  if (random.below(3) > 0) headers.push(['Accept', pick(random, ACCEPTS)]);
  while (random.below(3) === 0) {
    const [name, values] = pick(random, FIELDS);
    headers.push([name, pick(random, values)]);
  }
  return headers;
}
