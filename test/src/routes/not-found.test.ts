/** Where only the ending is wrong, the problem says which ones there are: the production bundle in the Workers runtime. */

import { afterAll, beforeAll, expect, test } from 'vitest';

import {
  digitFormats,
  digitsFormats,
  numberFormats,
  walkFormats,
} from '../../../src/encoders/formats.ts';
import { problemOf } from '../documents.ts';
import { startWorker, type WorkerUnderTest } from '../worker.ts';

let worker: WorkerUnderTest;
beforeAll(async () => {
  worker = await startWorker();
});
afterAll(() => worker.stop());

test.each([
  ['/digit.gif', digitFormats],
  ['/digit.PNG', digitFormats],
  ['/digit.', digitFormats],
  ['/7.idx', digitFormats],
  ['/digits.txt', digitsFormats],
  ['/walk.svg', walkFormats],
  ['/number/2024.idx', numberFormats],
])('%s is a 404 that lists the endings', async (path, formats) => {
  const response = await worker.fetch(path);
  expect(response.status).toBe(404);
  const { endings, detail } = await problemOf(response);
  expect(endings).toEqual(formats.map(({ name }) => `.${name}`));
  expect(detail).toContain(`There is no ${path} here; the endings of`);
  const stem = path.replace(/\.[^.]*$/, '');
  for (const ending of endings!) expect((await worker.fetch(stem + ending)).status).toBe(200);
});

test.each([
  '/digit/',
  '/nowhere.png',
  '/digit.png.png',
  '/page/app.gif',
  '/model.json',
  '/number/3.1.png',
])('%s is a 404 that lists none', async (path) => {
  const response = await worker.fetch(path);
  expect(response.status).toBe(404);
  expect((await problemOf(response)).endings).toBeUndefined();
});
