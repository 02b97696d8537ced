/** How the generator learned, as visitors see it. The snapshots here are stand-ins: the service's own model, under two names. */

import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { bundle } from '../../../training/bundle/worker.ts';
import { hasChromium } from '../../foreign/chromium.ts';
import { PageUnderTest } from './browser.ts';

const INDEX = {
  snapshots: [
    { epoch: 1, file: 'epoch-0001.safetensors' },
    { epoch: 50, file: 'epoch-0050.safetensors' },
  ],
  metrics: [1, 25, 50].map((epoch) => ({
    epoch,
    discriminatorLoss: 0.6,
    generatorLoss: 1 + 1 / epoch,
    ...(epoch !== 25 && { frechet: 400 / epoch }),
  })),
};

async function serveSnapshots(page: Page, index: object): Promise<void> {
  const models = join((await bundle()).assets ?? '', 'assets/models');
  const path = join(models, readdirSync(models)[0]);
  await page.route('**/assets/snapshots/*', (route) =>
    route.request().url().endsWith('index.json')
      ? route.fulfill({ json: index })
      : route.fulfill({ path }),
  );
}

describe.skipIf(!hasChromium)('the section on learning', () => {
  let site: PageUnderTest;

  beforeAll(async () => {
    site = await PageUnderTest.start();
  });
  afterAll(() => site.stop());

  test('shows digits of each snapshot, loaded when it is wanted, with curves beside them', async () => {
    const { page, complaints, requests } = await site.visit({
      prepare: (fresh) => serveSnapshots(fresh, INDEX),
    });
    const loaded = () =>
      requests.map((request) => request.url()).filter((url) => /epoch-\d+/.test(url)).length;
    expect(loaded()).toBe(0);
    await page.locator('#learn').scrollIntoViewIfNeeded();
    await page.getByText(/^After one epoch\. .*Fréchet distance 400\.0\.$/).waitFor();
    expect(loaded()).toBe(1);
    await page.getByRole('slider', { name: 'Epoch' }).fill('1');
    await page.getByText(/^After 50 epochs\. .*Fréchet distance 8\.0\.$/).waitFor();
    expect(loaded()).toBe(2);
    expect(await page.locator('#learn-pictures canvas').count()).toBe(20);
    await page.getByRole('slider', { name: 'Epoch' }).fill('0');
    await page.getByText('After one epoch.').waitFor();
    expect(loaded()).toBe(2);

    const losses = page.getByRole('img', { name: /^Losses: discriminator from 0\.6 at epoch 1 / });
    expect(await losses.locator('polyline').count()).toBe(2);
    const distance = page.getByRole('img', { name: /^Fréchet distance: .* 8\.0 at epoch 50$/ });
    const points = await distance.locator('polyline').getAttribute('points');
    expect(points?.split(' ')).toHaveLength(2);

    await page.evaluate(axe.source);
    const violations = await page.evaluate(async () => {
      const results = await (globalThis as unknown as { axe: typeof axe }).axe.run('#learn');
      return results.violations.map(({ id }) => id);
    });
    expect(violations).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('plays from the first to the last', async () => {
    const { page } = await site.visit({ prepare: (fresh) => serveSnapshots(fresh, INDEX) });
    await page.locator('#learn-play').click();
    await page.locator('#learn-play', { hasText: 'Pause' }).waitFor();
    await page.locator('#learn-play', { hasText: 'Play' }).waitFor();
    expect(await page.getByRole('slider', { name: 'Epoch' }).inputValue()).toBe('1');
    await page.context().close();
  });

  test('is absent where there are no snapshots', async () => {
    const { page } = await site.visit({
      prepare: (fresh) => serveSnapshots(fresh, { snapshots: [], metrics: [] }),
    });
    expect(await page.locator('#learn').isVisible()).toBe(false);
    await page.context().close();
  });
});
