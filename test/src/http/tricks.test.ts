/**
 * Tricks by which caches are poisoned, answers split and paths walked out of: over bare sockets, so that no client repairs
 * what is sent, against the production bundle in the Workers runtime.
 */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type Answer, Client, valueOf } from '../../../training/attack/requests/client.ts';
import { faultOf, isWorkers } from '../../../training/attack/requests/judge.ts';
import { type Runtime, startRuntime } from '../../../training/bundle/runtime.ts';
import { bundle } from '../../../training/bundle/worker.ts';

let runtime: Runtime;
let client: Client;
beforeAll(async () => {
  runtime = await startRuntime(await bundle());
  client = new Client(runtime.url);
});
afterAll(async () => {
  client.close();
  await runtime.stop();
});

type Headers = Readonly<Record<string, string>>;

function ask(target: string, headers: Headers = {}, method = 'GET'): Promise<Answer> {
  return client.send({
    method,
    target,
    headers: Object.entries({ Host: 'a.example', ...headers }),
  });
}

/** All that a cache would keep. */
function kept({ status, headers, body }: Answer): string {
  return JSON.stringify([
    status,
    headers.filter(([name]) => name !== 'date'),
    body.toString('hex'),
  ]);
}

/** That caches may keep, of each kind. */
const CACHEABLE = [
  '/?seed=a',
  '/digit.json?seed=a',
  '/digit.png?seed=a',
  '/digits.json?seed=a&count=2',
  '/walk.gif?from=a&to=b&frames=2',
  '/number/7.json?seed=a',
  '/digit/a.json',
  '/openapi.json',
  '/favicon.ico',
  '/robots.txt',
];

describe('no cached answer depends on', () => {
  const tricks: readonly Headers[] = [
    { Host: 'evil.example' },
    { Host: 'a.example:8443' },
    { 'X-Forwarded-Host': 'evil.example' },
    { 'X-Forwarded-Proto': 'http', 'X-Forwarded-Port': '1' },
    { 'X-Forwarded-Prefix': '/evil', 'X-Script-Name': '/evil' },
    { 'X-Host': 'evil.example', 'X-Forwarded-Server': 'evil.example' },
    { Forwarded: 'host=evil.example;proto=http' },
    { 'X-Original-URL': '/health', 'X-Rewrite-URL': '/health' },
    { 'X-HTTP-Method-Override': 'POST', 'X-Method-Override': 'DELETE' },
    { Origin: 'https://evil.example' },
    { 'Accept-Language': 'de', 'Accept-Encoding': 'identity' },
    { 'User-Agent': 'Slackbot 1.0' },
    { Cookie: 'seed=b', Authorization: 'Bearer x' },
    { Range: 'bytes=0-0' },
    { 'If-Modified-Since': 'Thu, 01 Jan 2099 00:00:00 GMT', 'If-Match': '"x"', 'If-Range': '"x"' },
    { 'Content-Length': '0', 'Content-Type': 'text/html' },
    { 'X-Timer': 'S1', 'Cache-Control': 'no-cache', Pragma: 'no-cache' },
  ];
  test.each(tricks.map((each) => [JSON.stringify(each), each] as const))('%s', async (_, sent) => {
    for (const path of CACHEABLE) {
      const [plain, tricked] = [await ask(path), await ask(path, sent)];
      expect(plain.status, path).toBe(200);
      expect(kept(tricked) === kept(plain), path).toBe(true);
    }
  });

  test('Accept, where it does not say that it varies by it', async () => {
    for (const path of CACHEABLE) {
      const plain = await ask(path);
      if (valueOf(plain.headers, 'vary') === 'Accept') continue;
      expect(kept(await ask(path, { Accept: 'text/html' })) === kept(plain), path).toBe(true);
    }
    for (const path of ['/', '/digit', '/digits', '/walk', '/7', '/digit/a', '/number/7']) {
      for (const accept of ['*/*', 'nothing/here']) {
        expect(valueOf((await ask(path, { Accept: accept })).headers, 'vary'), path).toBe('Accept');
      }
    }
  });

  test('methods: what is refused is kept by nobody, and HEAD is GET', async () => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'PURGE', 'TRACE']) {
      const { status, headers } = await ask('/digit.png?seed=a', {}, method);
      expect([method, status, valueOf(headers, 'cache-control')]).toEqual([
        method,
        405,
        'no-store',
      ]);
    }
    for (const path of CACHEABLE) {
      const [get, head] = [await ask(path), await ask(path, {}, 'HEAD')];
      expect(kept(head)).toBe(kept({ ...get, body: Buffer.alloc(0) }));
    }
  });

  test('names that a cache may leave out of its key: a parameter counts under its own alone', async () => {
    const plain = await ask('/digit.json?seed=a');
    for (const query of [
      'seed=a&utm_source=x',
      'seed=a&Seed=b',
      'seed=a&seed[]=b',
      'seed=a#&seed=b',
      'utm_source=x;seed=b&seed=a',
      '%73eed=a',
    ]) {
      expect((await ask(`/digit.json?${query}`)).body.equals(plain.body), query).toBe(true);
    }
    for (const query of ['seed=a&seed=b', 'seed=a&%73eed=b']) {
      const { status, headers } = await ask(`/digit.json?${query}`);
      expect([query, status, valueOf(headers, 'cache-control')]).toEqual([query, 400, 'no-store']);
    }
  });
});

describe('nothing of a request becomes a header or markup', () => {
  const INJECTIONS = [
    '%0d%0aX-Injected:%20yes',
    '%0aX-Injected:%20yes',
    '%0d%0a%0d%0a%3Cscript%3E',
    '%E5%98%8A%E5%98%8DX-Injected:%20yes',
    '%22%3E%3Cscript%3Ealert(1)%3C/script%3E',
    '%00',
  ];
  const places: readonly ((text: string) => string)[] = [
    (text) => `/digit.json?seed=${text}`,
    (text) => `/digit/${text.replaceAll('/', '%2f')}.svg`,
    (text) => `/digit.json?model=${text}`,
    (text) => `/digit.png?fg=${text}`,
    (text) => `/digit.json?label=${text}`,
    (text) => `/${text}`,
    (text) => `/?${text}`,
    (text) => `/number/${text}.svg`,
  ];
  test.each(INJECTIONS)('%s', async (text) => {
    for (const place of places) {
      for (const method of ['GET', 'HEAD', 'OPTIONS', 'DELETE']) {
        const answer = await ask(place(text), { Accept: '*/*' }, method);
        expect(faultOf({ method, target: place(text), headers: [] }, answer)).toBeUndefined();
        for (const [name, value] of answer.headers)
          expect(`${name}${value}`).not.toMatch(/[\r\n<]/);
        // JSON quotes what was asked, and a browser that is shown it takes it for nothing else.
        expect(valueOf(answer.headers, 'x-content-type-options')).toBe('nosniff');
        if (/^application\/(?:problem\+)?json$/.test(valueOf(answer.headers, 'content-type') ?? ''))
          continue;
        expect(answer.body.toString('latin1')).not.toContain('<script>');
      }
    }
  });

  test('nor of a header, not on the page either', async () => {
    const evil = '"><script>alert(1)</script>';
    for (const headers of [
      { 'User-Agent': `Slackbot ${evil}` },
      { Accept: 'text/html', Origin: evil },
    ]) {
      const page = await ask(`/?x=${encodeURIComponent(evil)}`, headers);
      expect(page.body.toString()).not.toContain('alert(1)');
    }
  });

  test('line breaks themselves do not pass the runtime', async () => {
    for (const target of ['/digit.png?seed=a\rX-Injected: yes', '/digit.png?seed=\u0000']) {
      const { status } = await ask(target);
      expect(status).toBe(400);
      client.close();
    }
  });
});

describe('paths lead nowhere else', () => {
  test.each([
    '//digit.png',
    '/./digit.png/..',
    '/digit.png/',
    '/digit.png%00.svg',
    '/digit.png%2f..%2fhealth',
    '/page/../../wrangler.toml',
    '/page/%2e%2e/%2e%2e/wrangler.toml',
    '/page/..%2f..%2fpackage.json',
    '/page/app.js/../notices.txt%00',
    '/page/__proto__',
    '/page/constructor',
    '/page/',
    '/page',
    '/.git/config',
    '/.dev.vars',
    '/wrangler.toml',
    '/DIGIT.png',
    '/digit.PNG',
    '/digit.png;a=b',
    '/digit.png.',
    '/%64igit.png.',
  ])('%s is not found', async (path) => {
    const answer = await ask(path);
    expect(isWorkers(answer)).toBe(true);
    expect([path, answer.status]).toEqual([path, 404]);
    expect(valueOf(answer.headers, 'cache-control')).toBe('no-store');
  });

  test.each(['/../digit.png', '/./digit.png', '/x/../digit.png', '/%2e/digit.png', '/%64igit.png'])(
    '%s is what it resolves to, or not found',
    async (path) => {
      const { status, body } = await ask(`${path}?seed=a`);
      expect([200, 404]).toContain(status);
      const plain = await ask('/digit.png?seed=a');
      if (status === 200) expect(body.equals(plain.body)).toBe(true);
    },
  );
});
