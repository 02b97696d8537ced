/** What caches keep does not depend on who asked first: the app, asked at two hosts by two schemes. */

import { beforeAll, describe, expect, test } from 'vitest';

import { createApp } from '../../../src/app.ts';
import type { Bindings } from '../../../src/http/bindings.ts';
import { createPage } from '../../../src/page/serve.ts';
import { describeApi } from '../../../src/routes/openapi-document.ts';
import { type DigitDocument, problemOf } from '../documents.ts';
import { shippedModel } from '../golden.ts';

const ORIGINS = ['http://a.example', 'https://a.example', 'https://b.example:8443'];
const HTML = { Accept: 'text/html' };

let app: ReturnType<typeof createApp>;
/** Of every route, each in each of its formats. */
let paths: readonly string[];

beforeAll(async () => {
  const { default: bundle } = await import('../../../build/page.js');
  const model = shippedModel();
  const api = describeApi(model.motif);
  app = createApp(model, {
    page: createPage(bundle),
    api: JSON.stringify(api),
  });
  const described = Object.keys(api['paths'] as Record<string, object>).map((path) =>
    path.replace(/\{(?:label|number|seed)\}/, '7'),
  );
  const icons = ['/favicon.ico', '/apple-touch-icon.png', '/robots.txt'];
  paths = [...described, ...icons, ...Object.keys(bundle.files).map((name) => `/page/${name}`)];
});

/** A seed, where the path has none. */
const queryFor = (path: string) => (path.startsWith('/digit/') ? 'raw=0' : 'seed=7');

const ask = (url: string, headers: Record<string, string> = {}, bindings: Bindings = {}) =>
  app.request(url, { headers }, bindings);

const tagOf = async (path: string, bindings?: Bindings) =>
  (await ask(`http://a.example${path}`, {}, bindings)).headers.get('ETag');

/** All of an answer, in one text. */
async function contentOf(response: Response): Promise<string> {
  const body = Buffer.from(await response.arrayBuffer()).toString('latin1');
  return JSON.stringify([response.status, [...response.headers], body]);
}

test('every answer is the same at all hosts and by all schemes', async () => {
  const requests = [
    ...paths.map((path) => [`${path}?${queryFor(path)}&from=3&to=8&count=2`, {}] as const),
    ['/', HTML] as const,
  ];
  for (const [path, headers] of requests) {
    const answers = ORIGINS.map(async (origin) => contentOf(await ask(origin + path, headers)));
    const [first, ...others] = await Promise.all(answers);
    expect(first, path).toMatch(/^\[200,/);
    for (const other of others) expect(other === first, path).toBe(true);
  }
});

describe('the origin that the operator names', () => {
  const ORIGIN = 'https://digits.example.com';

  test.each([ORIGIN, `${ORIGIN}/`])('makes addresses absolute: %s', async (variable) => {
    const settings = { ORIGIN: variable };
    const response = await ask('http://a.example/digit.json?seed=7', {}, settings);
    const { url } = (await response.json()) as DigitDocument;
    expect(url).toBe(ORIGIN + response.headers.get('Content-Location')!);
    const api = await (await ask('http://a.example/openapi.json', {}, settings)).text();
    expect(api).toContain(`"servers":[{"url":"${ORIGIN}"}]`);
    expect(await (await ask('http://a.example/', HTML, settings)).text()).toContain(
      `property="og:url" content="${ORIGIN}/"`,
    );
  });

  test('is part of the tags of what it shapes, and of no other', async () => {
    const [json, png] = ['/digit.json?seed=7', '/digit.png?seed=7'];
    expect(await tagOf(json, { ORIGIN })).not.toBe(await tagOf(json));
    expect(await tagOf(png, { ORIGIN })).toBe(await tagOf(png));
  });

  test('that is none is told to the operator, and to nobody else', async ({ onTestFinished }) => {
    const { error } = console;
    onTestFinished(() => {
      console.error = error;
    });
    const logged: unknown[] = [];
    console.error = (message: unknown) => logged.push(message);
    const response = await ask('http://a.example/digit.png', {}, { ORIGIN: 'digits.example.com' });
    expect(response.status).toBe(500);
    expect((await problemOf(response)).detail).not.toContain('digits.example.com');
    expect(String(logged[0])).toMatch(/ORIGIN is "digits.example.com", expected an origin such as/);
  });
});
