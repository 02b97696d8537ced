/** Which format `Accept` gets: the production bundle in the Workers runtime. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { digitFormats } from '../../../src/encoders/formats.ts';
import { problemOf } from '../documents.ts';
import { startWorker, type WorkerUnderTest } from '../worker.ts';

let worker: WorkerUnderTest;
beforeAll(async () => {
  worker = await startWorker();
});
afterAll(() => worker.stop());

const get = (path: string, headers: Record<string, string>) => worker.fetch(path, { headers });

describe('the format', () => {
  test.each([
    ['*/*', 'image/png'],
    ['', 'image/png'],
    [',', 'image/png'],
    [' , ,, ', 'image/png'],
    [',, application/json ,,', 'application/json'],
    // Too long to be meant, so nothing is parsed.
    [`application/json${','.repeat(30_000)}`, 'image/png'],
    [`application/json, ${'a/b;q=0.1, '.repeat(200)}`, 'image/png'],
    ['image/png', 'image/png'],
    ['application/json', 'application/json'],
    ['Application/JSON', 'application/json'],
    ['application/*', 'application/json'],
    ['image/*', 'image/png'],
    ['application/json, image/png', 'image/png'],
    ['application/json;q=0.9, image/png;q=0.8', 'application/json'],
    ['image/png;q=0.5, */*', 'image/svg+xml'],
    ['text/*', 'text/plain; charset=utf-8'],
    ['application/x-npy', 'application/x-npy'],
    ['image/*;q=0, */*;q=0.1', 'application/json'],
    ['image/*;q=0.9, image/png;q=0.1, application/json;q=0.5', 'image/svg+xml'],
    ['application/json ; charset=utf-8 ; q=1.0 , image/png;q=0.999', 'application/json'],
    ['text/html, application/json;q=0.1', 'application/json'],
    [
      'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/png,*/*;q=0.8',
      'image/png',
    ],
  ])('that Accept: %.99s prefers is %s', async (accept, contentType) => {
    // At /, those who name HTML get the page (page/serve.test.ts).
    const paths = accept.includes('text/html') ? ['/digit?seed=7'] : ['/', '/digit?seed=7'];
    for (const path of paths) {
      const response = await get(path, { Accept: accept });
      expect(response.headers.get('Content-Type')).toBe(contentType);
      expect(response.headers.get('Vary')).toBe('Accept');
    }
  });

  test.each(['text/html', 'image/webp', 'image/png;q=0', '*/*;q=0', 'application/json;q=0.000'])(
    'there is none for Accept: %s',
    async (accept) => {
      const response = await get('/digit?seed=7', { Accept: accept });
      expect(response.status).toBe(406);
      expect(response.headers.get('Vary')).toBe('Accept');
      expect((await problemOf(response)).available).toEqual(
        digitFormats.map(({ mediaType }) => mediaType),
      );
    },
  );

  test('is the one that the path names, whatever Accept says', async () => {
    const response = await get('/digit.json', { Accept: 'image/png' });
    expect(response.headers.get('Content-Type')).toBe('application/json');
    expect(response.headers.get('Vary')).toBeNull();
  });
});
