/** Digits of latents: the production bundle in the Workers runtime. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { digitFormats } from '../../../src/encoders/formats.ts';
import { latentOfText, textOfLatent } from '../../../src/http/latent.ts';
import { bytesOf, type DigitDocument, problemOf } from '../documents.ts';
import { shippedModel } from '../golden.ts';
import { startWorker, type WorkerUnderTest } from '../worker.ts';

const { sampler, shownHash } = shippedModel();
const { input, label } = sampler.digit('minted');
const LATENT = textOfLatent(input.subarray(0, sampler.latentSize));
const withNumber = (units: number) => textOfLatent(new Int16Array(100).fill(units, 0, 1));

let worker: WorkerUnderTest;
beforeAll(async () => {
  worker = await startWorker();
});
afterAll(() => worker.stop());

const get = (path: string, headers: Record<string, string> = {}) => worker.fetch(path, { headers });

test('the text of a latent is what other programs make of its bytes, and is read back', () => {
  const numbers = Int16Array.of(0, 1, -1, 4096, -32767, 32767);
  const bytes = Buffer.from(numbers.buffer);
  expect(textOfLatent(numbers)).toBe(bytes.toString('base64url'));
  expect(latentOfText(textOfLatent(numbers))).toEqual(numbers);
});

test.each(['', 'A', 'AA', 'AAA=', 'AAB', 'AA+', 'AAAA', 'AA A', 'é'])('%j is no latent', (text) => {
  expect(latentOfText(text)).toBeUndefined();
});

describe('/digit?latent=', () => {
  test.each(digitFormats.filter(({ name }) => name !== 'json'))(
    'is the digit that a seed draws from it: $name',
    async ({ name }) => {
      const ofLatent = await get(`/digit.${name}?latent=${LATENT}&label=${label}`);
      const ofSeed = await get(`/digit.${name}?seed=minted`);
      expect(await bytesOf(ofLatent)).toEqual(await bytesOf(ofSeed));
      for (const header of ['X-Digit-Label', 'X-Digit-Confidence', 'Cache-Control']) {
        expect(ofLatent.headers.get(header)).toBe(ofSeed.headers.get(header));
      }
      expect(ofLatent.headers.get('X-Digit-Seed')).toBeNull();
    },
  );

  test('has a permalink, which raw makes no difference to', async () => {
    const { headers } = await get(`/digit.png?raw=1&latent=${LATENT}&label=${label}&scale=2`);
    const permalink = `/digit.png?model=${shownHash}&label=${label}&latent=${LATENT}&scale=2`;
    expect(headers.get('Content-Location')).toBe(permalink);
    const pinned = await get(permalink);
    expect(pinned.headers.get('Cache-Control')).toContain('immutable');
    expect((await get(permalink, { 'If-None-Match': headers.get('ETag')! })).status).toBe(304);
  });

  test('as JSON names the latent and no seed, and its address gives the same', async () => {
    const response = await get(`/${label}.json?latent=${LATENT}`);
    const digit = (await response.json()) as DigitDocument;
    expect(digit).toMatchObject({ latent: LATENT, label });
    expect(digit).not.toHaveProperty('seed');
    expect(await (await get(digit.url)).json()).toEqual(digit);
  });

  test.each([withNumber(32767), withNumber(-32767)])('takes the farthest numbers', async (text) => {
    expect((await get(`/3.png?latent=${text}`)).status).toBe(200);
  });

  test.each([
    ['/3.png?latent=', 'latent'],
    ['/3.png?latent=AAA', 'latent'],
    [`/3.png?latent=${LATENT}AAA`, 'latent'],
    [`/3.png?latent=${LATENT}%3D`, 'latent'],
    [`/3.png?latent=${withNumber(-32768)}`, 'latent'],
    [`/3.png?latent=${LATENT}&latent=${LATENT}`, 'latent'],
    [`/3.png?latent=${LATENT}&seed=7`, 'seed'],
    [`/digit/7.png?latent=${LATENT}&label=3`, 'seed'],
    [`/digit.png?latent=${LATENT}`, 'label'],
  ])('%s is wrong', async (path, parameter) => {
    const response = await get(path);
    expect(response.status).toBe(400);
    expect((await problemOf(response)).errors).toMatchObject([{ parameter }]);
  });
});
