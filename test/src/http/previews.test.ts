/** What machines of other people get: previews, proxies for pictures, browsers by themselves. The bundle in workerd. */

import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';

import { decode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type Runtime, startRuntime } from '../../../training/bundle/runtime.ts';
import { bundle } from '../../../training/bundle/worker.ts';
import { bytesOf } from '../documents.ts';
import { startWorker, type WorkerUnderTest } from '../worker.ts';

let worker: WorkerUnderTest;
beforeAll(async () => {
  worker = await startWorker();
});
afterAll(() => worker.stop());

const ask = (path: string, agent: string, headers: Record<string, string> = {}) =>
  worker.fetch(path, { headers: { 'User-Agent': agent, Accept: '*/*', ...headers } });
const typeOf = ({ headers }: Response) => headers.get('Content-Type')?.split(';')[0];

const DISCORD = 'Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)';

describe('a preview of the page', () => {
  test.each([
    DISCORD,
    'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)',
    'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)',
    'Twitterbot/1.0',
    'TelegramBot (like TwitterBot)',
    'WhatsApp/2.23.20.0',
    'LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)',
    'http.rb/5.1.1 (Mastodon/4.2.1; +https://mastodon.example/) Bot',
    'Mozilla/5.0 (compatible; Bluesky Cardyb/1.1; +mailto:support@bsky.app)',
    'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
  ])('has title, text and picture for %s', async (agent) => {
    const response = await ask('/', agent);
    expect([response.status, typeOf(response)]).toEqual([200, 'text/html']);
    expect(response.headers.get('Cache-Control')).toBe('no-store');
    const html = await response.text();
    const property = (name: string) =>
      new RegExp(`property="og:${name}"\\s+content="([^"]+)"`)
        .exec(html)?.[1]
        .replaceAll('&amp;', '&');
    expect(property('title')).toMatch(/\S/);
    expect(property('description')).toMatch(/\S/);
    const { origin } = new URL(response.url);
    expect(property('url')).toBe(`${origin}/`);
    const image = new URL(property('image')!);
    expect(image.origin).toBe(origin);
    expect(typeOf(await ask(image.pathname + image.search, agent))).toBe('image/png');
  });

  test('is what they get whatever they accept, as long as that may be HTML', async () => {
    const types = ['', 'text/html', '*/*;q=0.5', 'image/*', 'application/json'].map(
      async (accept) => typeOf(await ask('/', DISCORD, { Accept: accept })),
    );
    expect(await Promise.all(types)).toEqual([
      'text/html',
      'text/html',
      'text/html',
      'image/png',
      'application/json',
    ]);
  });

  test.each(['/?seed=7', '/digit', '/7', '/digits', '/walk', '/number/7'])(
    'is not what is at %s, which is a picture that is kept for everybody',
    async (path) => {
      expect(typeOf(await ask(path, DISCORD))).toBe('image/png');
    },
  );

  test('names the origin of the operator, if there is one', async ({ onTestFinished }) => {
    const named = await startWorker({ variables: { ORIGIN: 'https://digits.example.com' } });
    onTestFinished(() => named.stop());
    const response = await named.fetch('/', { headers: { 'User-Agent': DISCORD } });
    expect(await response.text()).toContain('content="https://digits.example.com/digits.png?');
  });
});

test.each([
  'curl/8.9.1',
  'Wget/1.24.5',
  'python-requests/2.32.3',
  'github-camo (876de43e)',
  'Slack-ImgProxy (+https://api.slack.com/robots)',
  'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)',
  '',
  `${'x'.repeat(2000)} Discordbot`,
])('at / a picture is what %.60s gets', async (agent) => {
  expect(typeOf(await ask('/', agent))).toBe('image/png');
});

describe('what browsers ask for by themselves', () => {
  test('/favicon.ico is an icon, a PNG in an ICO file', async () => {
    const response = await ask('/favicon.ico', 'Firefox');
    expect(typeOf(response)).toBe('image/x-icon');
    const file = await bytesOf(response);
    const view = new DataView(file.buffer, file.byteOffset);
    expect([view.getUint16(0, true), view.getUint16(2, true), view.getUint16(4, true)]).toEqual([
      0, 1, 1,
    ]);
    const [size, offset] = [view.getUint32(14, true), view.getUint32(18, true)];
    expect(offset + size).toBe(file.length);
    const { width, height } = decode(file.subarray(offset));
    expect([width, height]).toEqual([file[6], file[7]]);
  });

  test.each([
    '/apple-touch-icon.png',
    '/apple-touch-icon-precomposed.png',
    '/apple-touch-icon-120x120.png',
    '/apple-touch-icon-120x120-precomposed.png',
  ])('%s is a picture for a home screen', async (path) => {
    const response = await ask(path, 'Safari');
    expect(typeOf(response)).toBe('image/png');
    const { width } = decode(await bytesOf(response));
    expect(width).toBeGreaterThanOrEqual(120);
  });

  test('/robots.txt closes nothing, or previews could not load their picture', async () => {
    const response = await ask('/robots.txt', DISCORD);
    expect(typeOf(response)).toBe('text/plain');
    expect(await response.text()).toBe('User-agent: *\nDisallow:\n');
  });

  test.each(['/favicon.ico', '/apple-touch-icon.png', '/robots.txt'])(
    '%s is kept for an hour, and not sent again',
    async (path) => {
      const { headers } = await ask(path, 'Chrome');
      expect(headers.get('Cache-Control')).toBe('public, max-age=3600');
      const again = await ask(path, 'Chrome', { 'If-None-Match': headers.get('ETag')! });
      expect(again.status).toBe(304);
    },
  );
});

describe('a malformed Host', () => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await startRuntime(await bundle());
  });
  afterAll(() => runtime.stop());

  test('is a 400 where a preview would name it', async () => {
    const headers = { Host: 'a b', 'User-Agent': DISCORD };
    const sent = request(new URL('/', runtime.url), { headers }).end();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(400);
    expect(JSON.parse(await text(response))).toMatchObject({
      status: 400,
      detail: 'Host is malformed.',
    });
  });
});
