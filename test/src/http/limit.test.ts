/** How often one client may ask: the production bundle in the Workers runtime, with its limiter. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { settingsOf } from '../../../src/http/bindings.ts';
import { problemOf } from '../documents.ts';
import { startWorker, type WorkerUnderTest } from '../worker.ts';

const LIMIT = 5;
let worker: WorkerUnderTest;
beforeAll(async () => {
  worker = await startWorker({ limit: LIMIT });
});
afterAll(() => worker.stop());

const ask = (path: string, client: string, method = 'GET') =>
  worker.fetch(path, { method, headers: { 'CF-Connecting-IP': client } });

/** Asks until the limit is passed: a minute may begin meanwhile, so up to twice as often as it allows. */
async function askOften(path: string, client: string): Promise<Response> {
  for (let i = 0; i < 2 * LIMIT; i++) {
    const response = await ask(path, client);
    if (response.status === 429) return response;
  }
  return ask(path, client);
}

describe('a client that asks too often', () => {
  test('gets 429 with the time to wait, and every other client its digit', async () => {
    const response = await askOften('/digit.png', '192.0.2.1');
    expect(response.status).toBe(429);
    expect(response.headers.get('Retry-After')).toBe('60');
    expect(response.headers.get('Cache-Control')).toBe('no-store');
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe('*');
    expect(response.headers.get('Content-Type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ status: 429, title: 'Too Many Requests' });
    expect((await ask('/digit.png', '192.0.2.2')).status).toBe(200);
  });

  test.each(['/', '/7', '/digits.idx', '/walk?frames=2'])('at %s as well', async (path) => {
    expect((await askOften(path, `client of ${path}`)).status).toBe(429);
  });

  test('can still ask for the health of the service, and send preflights', async () => {
    expect((await askOften('/digit', '192.0.2.3')).status).toBe(429);
    expect((await ask('/health', '192.0.2.3')).status).toBe(200);
    expect((await ask('/digit', '192.0.2.3', 'OPTIONS')).status).toBe(204);
  });
});

test('the variable RATE_LIMIT switches it off', async () => {
  const free = await startWorker({ limit: 1, variables: { RATE_LIMIT: 'off' } });
  const statuses: number[] = [];
  for (let i = 0; i < 4; i++) statuses.push((await free.fetch('/digit.txt')).status);
  await free.stop();
  expect(statuses).toEqual([200, 200, 200, 200]);
});

describe('a limit that is on, but not bound', () => {
  test('is an error at the first request, whatever it asks for', async ({ onTestFinished }) => {
    const unbound = await startWorker({ variables: { RATE_LIMIT: 'on' }, quiet: true });
    onTestFinished(() => unbound.stop());
    for (const path of ['/health', '/', '/digit.png?seed=7', '/openapi.json']) {
      const response = await unbound.fetch(path);
      expect(response.status, path).toBe(500);
      expect(response.headers.get('Cache-Control')).toBe('no-store');
      expect((await problemOf(response)).detail).not.toContain('RATE_LIMIT');
    }
  });

  test('is told to the operator', () => {
    expect(() => settingsOf({ RATE_LIMIT: 'on' })).toThrow(
      /^RATE_LIMIT is "on", but there is no RATE_LIMITER: add .* or set RATE_LIMIT to "off"$/,
    );
  });

  test('is none where nobody asks for one', () => {
    for (const bindings of [undefined, {}, { RATE_LIMIT: 'off' }]) {
      expect(settingsOf(bindings).limiter).toBeUndefined();
    }
  });
});
