/** Requests as strangers send them: what the interface offers, what is near it, and what nobody should send. */

import type { Random } from '../../../src/sampler/random.ts';
import type { Request } from './client.ts';
import { randomHeaders } from './random-headers.ts';
import { pick, some } from './words.ts';

const ENDINGS = ['png', 'svg', 'json', 'txt', 'npy', 'idx', 'apng', 'gif'];
const STEMS = ['/digit', '/digits', '/walk', '/7', '/0', '/10', '/007', '/number/2024', '/digit/a'];
const OTHERS = [
  '/',
  '/model',
  '/health',
  '/openapi.json',
  '/favicon.ico',
  '/apple-touch-icon-120x120-precomposed.png',
  '/robots.txt',
  '/page/notices.txt',
];

/** Ways to write a path that should lead nowhere else than its plain spelling, or nowhere. */
const TRICKS: readonly ((path: string) => string)[] = [
  (path) => `/${path}`,
  (path) => `${path}/`,
  (path) => `${path}.`,
  (path) => `${path}%00`,
  (path) => `${path}%2e%2e%2f`,
  (path) => `/.${path}`,
  (path) => `/../..${path}`,
  (path) => `/page/..${path}`,
  (path) => `/%2e%2e${path}`,
  (path) => path.replace('/', '\\'),
  (path) => path.replaceAll('i', '%69'),
  (path) => path.toUpperCase(),
  (path) => `http://elsewhere.example${path}`,
  (path) => `//elsewhere.example${path}`,
  (path) => `${path};a=b`,
  (path) => `${path}%0d%0aX-Injected:%20yes`,
  (path) => `${path}#fragment`,
];

/** Texts that have broken somebody's service. */
const HOSTILE_TEXTS = [
  '',
  '%',
  '%0',
  '%zz',
  '%00',
  '%ff',
  '%c0%af',
  '%ed%a0%80',
  '%F0%9F%91%A9%E2%80%8D%F0%9F%92%BB',
  '%0d%0aX-Injected:%20yes',
  '%0aSet-Cookie:a=b',
  '%E2%80%A8',
  '%22%3E%3Cscript%3Ealert(1)%3C/script%3E',
  "'%20or%201=1--",
  '..%2f..%2fetc%2fpasswd',
  '__proto__',
  'constructor',
  '${7*7}',
  'a'.repeat(64),
  'a'.repeat(65),
  'a'.repeat(4000),
  '%F0%9F%98%80'.repeat(64),
  '+',
  '-1',
  '1e3',
  '0x10',
  '1.0',
  '٣',
  '18446744073709551616',
  '9'.repeat(400),
];

/** Values that a parameter takes, or nearly. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  seed: ['a', '7', 'minted', '%E2%88%9E', 'a+b', 'a%2Bb'],
  from: ['a', 'b'],
  to: ['a', 'c'],
  label: ['0', '7', '9', '10', '07'],
  raw: ['0', '1', '2'],
  count: ['1', '2', '7', '30', '100', '101', '0'],
  cols: ['1', '3', '10', '100', '101'],
  scale: ['1', '2', '3', '8', '32', '33'],
  fg: ['f00', '%23c30', 'ffffff', 'fffff', 'transparent'],
  bg: ['000', 'fff', 'transparent', '00aaff', 'gggggg'],
  frames: ['2', '3', '8', '64', '65', '1'],
  model: ['00000000', 'f', 'zzzzzzzz'],
  number: ['1'],
  cachebuster: ['1', ''],
};
const NAMES = Object.keys(VALUES);

const METHODS = ['POST', 'PUT', 'DELETE', 'PATCH', 'TRACE', 'get', 'GETT', 'PROPFIND', 'PURGE'];

/** @param model hash that this service knows, so that permalinks are among the requests */
export function randomRequest(random: Random, model: string): Request {
  const query = randomQuery(random, model);
  return {
    method: randomMethod(random),
    target: `${randomPath(random)}${query === '' ? '' : `?${query}`}`,
    headers: randomHeaders(random),
  };
}

function randomMethod(random: Random): string {
  const lot = random.below(20);
  if (lot < 14) return 'GET';
  if (lot < 17) return 'HEAD';
  return lot < 18 ? 'OPTIONS' : pick(random, METHODS);
}

function randomPath(random: Random): string {
  if (random.below(12) === 0) return `/${hostileText(random)}`;
  const stem = random.below(5) === 0 ? pick(random, OTHERS) : pick(random, STEMS);
  const path = random.below(2) === 0 ? stem : `${stem}.${pick(random, ENDINGS)}`;
  return random.below(8) === 0 ? pick(random, TRICKS)(path) : path;
}

function randomQuery(random: Random, model: string): string {
  const pairs = some(random, 5, () => {
    const name = pick(random, NAMES);
    const isHostile = random.below(8) === 0;
    const value = isHostile ? hostileText(random) : pick(random, [...VALUES[name], model]);
    if (random.below(40) === 0) return hostileText(random);
    return name === 'model' && !isHostile && random.below(2) === 0
      ? `model=${model}`
      : `${name}=${value}`;
  });
  return pairs.join(random.below(30) === 0 ? ';' : '&');
}

function hostileText(random: Random): string {
  if (random.below(3) > 0) return pick(random, HOSTILE_TEXTS);
  // Printable ASCII but for the space, which would end the target.
  return some(random, 40, () => String.fromCharCode(0x21 + random.below(0x5e))).join('');
}
