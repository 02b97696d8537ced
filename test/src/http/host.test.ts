/** The Host header, which no answer depends on: the production bundle in the bare Workers runtime. */

import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { type Runtime, startRuntime } from '../../../training/bundle/runtime.ts';
import { bundle } from '../../../training/bundle/worker.ts';

let runtime: Runtime;
beforeAll(async () => {
  runtime = await startRuntime(await bundle());
});
afterAll(() => runtime.stop());

async function ask(path: string, host: string) {
  const headers = { Host: host, Accept: 'text/html,*/*;q=0.8' };
  const sent = request(new URL(path, runtime.url), { headers }).end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: response.statusCode, body: await text(response) };
}

test.each(['a b', '"', '<>', '[', ']', 'a:b', 'a:99999', '%', '@', '\\', 'a..b', '-'])(
  'is not looked at, malformed as it may be: %j',
  async (host) => {
    const paths = [
      '/',
      '/digit.json?seed=7',
      '/digits.svg?seed=7',
      '/openapi.json',
      '/page/app.js?v=1',
    ];
    for (const path of paths) {
      expect([path, await ask(path, host)]).toEqual([path, await ask(path, 'example.com')]);
      expect([path, (await ask(path, host)).status]).toEqual([path, 200]);
    }
  },
);
