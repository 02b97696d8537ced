/** The page's state in its address, the playground, and links to what sliders make, as visitors use them. */

import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { decode } from 'fast-png';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { bundle } from '../../../training/bundle/worker.ts';
import { hasChromium } from '../../foreign/chromium.ts';
import { PageUnderTest, pixelsOf, type Visit } from './browser.ts';

/** Machines that test may be slow. */
const PATIENT = { timeout: 20_000 };

const seedsOf = (page: Page) =>
  page
    .locator('#wall[aria-busy=false] button')
    .evaluateAll((cells) => cells.map((cell) => (cell as HTMLButtonElement).value));
const stateOf = (page: Page) => new URLSearchParams(new URL(page.url()).hash.slice(1));

/** All that the page shows of its state. */
const shown = async (other: Page) => [
  await seedsOf(other),
  await pixelsOf(other, '#walk-picture'),
  await pixelsOf(other, '#steer-picture'),
  await pixelsOf(other, '#detail-picture'),
  await other.locator('#detail textarea').inputValue(),
];

describe.skipIf(!hasChromium)('the page', () => {
  let site: PageUnderTest;

  beforeAll(async () => {
    site = await PageUnderTest.start();
  });
  afterAll(() => site.stop());

  const visitWhile = async (visit: Visit, then: (page: Page) => Promise<void>) => {
    const { page, complaints } = await site.visit(visit);
    await then(page);
    expect(complaints).toEqual([]);
    await page.context().close();
  };
  test('shows the same wall, class, walk, sliders and digit to whoever gets its address', () =>
    visitWhile({}, async (page) => {
      await page.getByRole('radio', { name: '5' }).check();
      await page.getByText('48 fresh digits, each a 5.').waitFor();
      await page.locator('#walk-from').fill('here');
      await page.locator('#walk-to').fill('there');
      await page.keyboard.press('Tab');
      await page.locator('#walk-step').fill('7');
      await page.locator('#sliders input').nth(1).fill('2.5');
      await page.locator('#wall button').nth(4).click();
      await expect.poll(() => stateOf(page).get('digit'), PATIENT).toBeTruthy();
      const expected = await shown(page);
      await visitWhile({ path: new URL(page.url()).hash }, async (other) => {
        expect(await shown(other)).toEqual(expected);
      });
    }));

  test('goes back and forward between what was shown', () =>
    visitWhile({}, async (page) => {
      const first = await seedsOf(page);
      await page.getByRole('button', { name: 'Fresh digits' }).click();
      await expect.poll(async () => (await seedsOf(page))[0], PATIENT).not.toBe(first[0]);
      await page.locator('#wall button').first().click();
      await page.keyboard.press('Escape');
      await expect.poll(() => stateOf(page).has('digit'), PATIENT).toBe(false);
      await page.goBack();
      await page.locator('dialog[open]').waitFor();
      await page.goBack();
      await page.locator('dialog:not([open])').waitFor({ state: 'attached' });
      await page.goBack();
      await expect.poll(() => seedsOf(page), PATIENT).toEqual(first);
      await page.goForward();
      await expect.poll(async () => (await seedsOf(page))[0], PATIENT).not.toBe(first[0]);
    }));

  test('gives a digit made with sliders a link of its own', () =>
    visitWhile({}, async (page) => {
      await page.locator('#sliders input').first().fill('-3');
      const pixels = await pixelsOf(page, '#steer-picture');
      await page.getByRole('button', { name: 'Get its link' }).click();
      expect(await pixelsOf(page, '#detail-picture')).toEqual(pixels);
      const link = await page.locator('#detail [data-format=json]').last().getAttribute('href');
      const response = await site.worker.fetch(link!);
      expect(((await response.json()) as { pixels: number[] }).pixels).toEqual(pixels);
      expect(response.headers.get('Content-Location')).toBe(link);
    }));

  test('saves pictures as they are shown', () =>
    visitWhile({ colorScheme: 'dark', viewport: { width: 1280, height: 900 } }, async (page) => {
      await page.locator('#wall button').nth(3).click();
      for (const format of ['png', 'svg']) {
        const link = page.getByRole('link', { name: `save ${format}` });
        expect(await link.getAttribute('download')).not.toBeNull();
        const response = await site.worker.fetch((await link.getAttribute('href'))!);
        if (format !== 'png') continue;
        const { width, data } = decode(await response.arrayBuffer());
        expect(width).toBe(280);
        // Light ink on dark paper; a little ink may be anywhere.
        expect(data[0]).toBeLessThan(128);
      }
    }));

  test('builds the address of a date as it is typed, and shows what it answers', () =>
    visitWhile({}, async (page) => {
      const play = page.locator('#playground');
      await play.getByLabel('Number or date').fill('31.12.1999');
      await play.getByLabel('Scale').fill('2');
      await play.getByText('448 × 56 pixels.').waitFor();
      const link = await play.locator('textarea').inputValue();
      expect(new URL(link).pathname).toBe('/number/31121999.png');
      expect(await page.locator('#play-picture').getAttribute('src')).toBe(link);
      await play.getByLabel('No paper').check();
      await expect
        .poll(() => play.locator('textarea').inputValue(), PATIENT)
        .toContain('bg=transparent');
      await play.getByLabel('Form').selectOption('JSON');
      await play.getByText('The same, as a picture').waitFor();
      expect(await play.locator('textarea').inputValue()).toContain('.json?seed=');
      await play.getByRole('radio', { name: 'many digits' }).check();
      await play.getByLabel('Form').selectOption('PNG');
      await play.getByLabel('Count').fill('6');
      await play.getByLabel('Columns').fill('3');
      await play.getByText('252 × 168 pixels.').waitFor();
      await expect.poll(() => stateOf(page).get('play'), PATIENT).toContain('count=6');
      await visitWhile({ path: new URL(page.url()).hash }, async (other) => {
        await other.getByText('252 × 168 pixels.').waitFor();
        expect(await other.locator('#play-snippets textarea').inputValue()).toBe(
          await play.locator('textarea').inputValue(),
        );
      });
    }));

  test('draws by an earlier model that the address names, where the service has one', async () => {
    const earlier = '0123456789abcdef';
    const { page, requests } = await site.visit({
      path: `#model=${earlier}`,
      prepare: async (fresh) => {
        await fresh.route('**/model', (route) =>
          route.fulfill({ json: { current: 'fedcba9876543210', earlier: [earlier] } }),
        );
        // What it draws is up to the file: here the current one.
        await fresh.route('**/assets/models/*', async (route) => {
          const folder = join((await bundle()).assets ?? '', 'assets/models');
          return route.fulfill({ path: join(folder, readdirSync(folder)[0]) });
        });
      },
    });
    const paths = requests.map((request) => new URL(request.url()).pathname);
    expect(paths).toContain(`/assets/models/${earlier}.safetensors`);
    expect(await page.getByLabel('Drawn by the model').inputValue()).toBe(earlier);
    await page.getByLabel('Drawn by the model').selectOption({ index: 0 });
    await page.waitForURL((url) => !url.hash.includes('model='));
    await page.context().close();
  });

  test('says what the server says of an address that is wrong', async () => {
    const { page } = await site.visit();
    await page.locator('#playground').getByLabel('Scale').fill('99');
    await page.getByText('scale is "99", expected a whole number from 1 to 32.').waitFor();
    await page.context().close();
  });
});
