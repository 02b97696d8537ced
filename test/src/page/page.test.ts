/** The page as visitors use it: by mouse, by keyboard alone, in dark mode, on a phone. */

import axe from 'axe-core';
import { decode } from 'fast-png';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { digitFormats, digitsFormats, walkFormats } from '../../../src/encoders/formats.ts';
import { hasChromium } from '../../foreign/chromium.ts';
import { PageUnderTest, pixelsOf, type Visit } from './browser.ts';

interface DigitDocument {
  readonly label: number;
  readonly confidence: number;
  readonly model: string;
  readonly pixels: number[];
}

const PHONE = { width: 360, height: 740 };
/** Where the dialog has room for a large picture. */
const DESKTOP = { width: 1280, height: 900 };
const WALL = '#wall button:not([hidden])';

const seedOf = (page: Page, index: number) =>
  page.locator(WALL).nth(index).getAttribute('value') as Promise<string>;

async function openDigit(page: Page, index: number): Promise<void> {
  await page.locator(WALL).nth(index).click();
  await page.locator('dialog[open]').waitFor();
}

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
  const documentOf = async (seed: string, query = '') => {
    const response = await site.worker.fetch(
      `/digit.json?seed=${encodeURIComponent(seed)}${query}`,
    );
    return (await response.json()) as DigitDocument;
  };

  test('loads everything from its own server, the weights once, and draws what the server draws', async () => {
    const { page, complaints, requests } = await site.visit();
    expect(await page.locator('#check').textContent()).toContain('server’s: yes.');
    expect(complaints).toEqual([]);
    const urls = requests.map((request) => request.url());
    expect(urls.every((url) => url.startsWith(`${site.origin}/`))).toBe(true);
    expect(urls.filter((url) => url.includes('/assets/models/'))).toHaveLength(1);
    await page.reload();
    await page.getByText('server’s: yes.').waitFor();
    const transferred = await page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .filter(({ name }) => name.includes('/page/'))
        .map((entry) => (entry as PerformanceResourceTiming).transferSize),
    );
    expect(transferred.length).toBeGreaterThanOrEqual(4);
    expect(transferred.every((sizeBytes) => sizeBytes === 0)).toBe(true);
    await page.context().close();
  });

  test('shows a wall of digits, each as the server draws it for its seed', () =>
    visitWhile({}, async (page) => {
      expect(await page.locator(WALL).count()).toBe(48);
      for (const index of [0, 17, 47]) {
        const seed = await seedOf(page, index);
        const { label, pixels } = await documentOf(seed);
        const name = `${label === 8 ? 'an' : 'a'} ${label}, seed ${seed}`;
        expect(await page.locator(WALL).nth(index).getAttribute('aria-label')).toBe(name);
        expect(await pixelsOf(page, `#wall button:nth-child(${index + 1}) canvas`)).toEqual(pixels);
      }
      const link = await page.locator('#wall-links [data-format=json]').getAttribute('href');
      const { digits } = (await (await site.worker.fetch(link!)).json()) as {
        digits: { seed: string }[];
      };
      expect(digits.map(({ seed }) => seed)).toEqual(
        await page
          .locator(WALL)
          .evaluateAll((cells) => cells.map((cell) => cell.getAttribute('value'))),
      );
    }));

  test('shows other digits on request', () =>
    visitWhile({}, async (page) => {
      const before = await seedOf(page, 0);
      await page.getByRole('button', { name: 'Fresh digits' }).click();
      await page
        .locator(`#wall[aria-busy=false] button:not([value="${before}"])`)
        .first()
        .waitFor();
    }));

  test('shows only the digits of one class', () =>
    visitWhile({}, async (page) => {
      await page.getByRole('radio', { name: '3' }).check();
      await page.getByText('48 fresh digits, each a 3.').waitFor();
      const names = await page
        .locator(WALL)
        .evaluateAll((all) => all.map((cell) => cell.ariaLabel));
      expect(names.every((name) => name?.startsWith('a 3, seed '))).toBe(true);
      const seed = await seedOf(page, 9);
      const { pixels } = await documentOf(seed, '&label=3');
      expect(await pixelsOf(page, '#wall button:nth-child(10) canvas')).toEqual(pixels);
      const link = await page.locator('#wall-links [data-format=json]').getAttribute('href');
      expect(await (await site.worker.fetch(link!)).text()).toContain(`"seed":"${seed}"`);
      await openDigit(page, 9);
      expect(await page.locator('#detail textarea').inputValue()).toContain('&label=3');
      await page.keyboard.press('Escape');
      await page.getByRole('radio', { name: 'all' }).check();
      await page.getByText('48 fresh digits.', { exact: true }).waitFor();
    }));

  test('shows a digit large, with seed, label and confidence, and copies what gives it again', async () => {
    const permissions = ['clipboard-read', 'clipboard-write'];
    await visitWhile({ permissions, viewport: DESKTOP }, async (page) => {
      const seed = await seedOf(page, 5);
      const { label, confidence, model, pixels } = await documentOf(seed);
      await openDigit(page, 5);
      const dialog = page.getByRole('dialog');
      const text = await dialog.textContent();
      for (const part of [seed, `${label}`, `${(confidence * 100).toFixed(2)} %`]) {
        expect(text).toContain(part);
      }
      expect(await pixelsOf(page, '#detail-picture')).toEqual(pixels);
      const permalink = `${site.origin}/digit.png?seed=${seed}&model=${model}&scale=10&fg=000000&bg=ffffff`;
      const copied = async (language: string) => {
        await dialog.getByLabel('Take it along as').selectOption(language);
        await dialog.getByRole('button', { name: 'Copy it' }).click();
        await dialog.getByText(/^Copied$/).waitFor();
        await page.evaluate(() =>
          document.querySelector<HTMLOutputElement>('#detail output')!.replaceChildren(),
        );
        return page.evaluate(() => navigator.clipboard.readText());
      };
      const name = `${label === 8 ? 'an' : 'a'} ${label}, handwritten`;
      expect(await copied('a link')).toBe(permalink);
      expect(await copied('curl')).toBe(`curl -o digit.png '${permalink}'`);
      expect(await copied('Markdown')).toBe(`![${name}](${permalink})`);
      const html = `<img src="${permalink.replaceAll('&', '&#38;')}" alt="${name}" width="280" height="280">`;
      expect(await copied('HTML')).toBe(html);
      expect(await copied('JavaScript')).toContain(`await fetch('${permalink}');`);
      expect(await copied('Python')).toContain(`("${permalink}", "digit.png")`);
      const { headers } = await site.worker.fetch(permalink);
      expect(site.origin + headers.get('Content-Location')).toBe(permalink);
    });
  });

  test.each([
    ['#detail', digitFormats],
    ['#wall-links', digitsFormats],
    ['#walk', walkFormats],
  ])('links in %s to every format there is', (section, formats) =>
    visitWhile({}, async (page) => {
      await openDigit(page, 0);
      const links = await page.locator(`${section} a[data-format]:not([download])`).all();
      const hrefs = await Promise.all(links.map((link) => link.getAttribute('href')));
      const answers = await Promise.all(hrefs.map((href) => site.worker.fetch(href!)));
      expect(answers.map(({ headers }) => headers.get('Content-Type')?.split(';')[0])).toEqual(
        formats.map(({ mediaType }) => mediaType),
      );
      for (const { headers } of answers)
        expect(headers.get('Cache-Control')).toContain('immutable');
    }),
  );

  test('shows the digit of any seed, and quotes it for a shell', () =>
    visitWhile({}, async (page) => {
      await page.getByLabel('A seed of your own').fill("it's 7 & 8+é");
      await page.keyboard.press('Enter');
      expect(await pixelsOf(page, '#detail-picture')).toEqual(
        (await documentOf("it's 7 & 8+é")).pixels,
      );
      await page.getByRole('dialog').getByLabel('Take it along as').selectOption('curl');
      expect(await page.locator('#detail textarea').inputValue()).toContain(
        'seed=it%27s%207%20%26%208%2B%C3%A9&model=',
      );
    }));

  test('plays the walk between two chosen digits', () =>
    visitWhile({}, async (page) => {
      const [from, to] = [await seedOf(page, 2), await seedOf(page, 30)];
      await openDigit(page, 2);
      await page.getByRole('button', { name: 'Walk from here' }).click();
      await openDigit(page, 30);
      await page.getByRole('button', { name: 'Walk to here' }).click();
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Play');
      const step = page.getByRole('slider', { name: 'Picture of the walk' });
      expect(await step.inputValue()).toBe('0');
      expect(await pixelsOf(page, '#walk-picture')).toEqual((await documentOf(from)).pixels);
      await page.keyboard.press('Enter');
      await page.locator('#walk-play', { hasText: 'Pause' }).waitFor();
      await page.locator('#walk-play', { hasText: 'Play' }).waitFor();
      expect(await step.inputValue()).toBe('31');
      expect(await pixelsOf(page, '#walk-picture')).toEqual((await documentOf(to)).pixels);
      for (const [format, mediaType] of [
        ['gif', 'image/gif'],
        ['png', 'image/png'],
        ['apng', 'image/apng'],
      ]) {
        const href = await page.locator(`#walk [data-format=${format}]`).getAttribute('href');
        expect(href).toContain(`from=${from}&to=${to}&model=`);
        const { status, headers } = await site.worker.fetch(href!);
        expect([status, headers.get('Content-Type')]).toEqual([200, mediaType]);
      }
      await step.focus();
      await page.keyboard.press('ArrowLeft');
      expect(await step.getAttribute('aria-valuetext')).toBe('31 of 32');
    }));

  test.each([
    ['no-preference', 'Pause'],
    ['reduce', 'Play'],
  ] as const)('plays by itself unless visitors prefer reduced motion: %s', (reducedMotion, label) =>
    visitWhile({ reducedMotion }, async (page) => {
      await page.getByRole('button', { name: 'Walk between two other digits' }).click();
      const play = page.locator('#walk-play');
      expect(await play.textContent()).toBe(label);
      if (label === 'Pause') await play.click();
      expect(await play.textContent()).toBe('Play');
    }),
  );

  test('changes a digit with sliders, at once', () =>
    visitWhile({}, async (page) => {
      await openDigit(page, 8);
      const { pixels } = await documentOf(await seedOf(page, 8));
      await page.getByRole('button', { name: 'Change it' }).click();
      expect(await pixelsOf(page, '#steer-picture')).toEqual(pixels);
      const sliders = page.locator('#sliders input');
      expect(await sliders.count()).toBe(6);
      const seen = new Set([pixels.join()]);
      for (const slider of await sliders.all()) {
        await slider.fill('3');
        expect(await slider.getAttribute('aria-label')).toMatch(/^[A-Z][a-z ]+ \(direction \d\)$/);
        expect(await slider.getAttribute('aria-valuetext')).toMatch(/^3\.0: an? \d, [\d.]+ %$/);
        seen.add((await pixelsOf(page, '#steer-picture')).join());
      }
      expect(seen.size).toBe(7);
      await page.getByRole('button', { name: 'Back to the middle' }).click();
      expect(await pixelsOf(page, '#steer-picture')).toEqual(pixels);
    }));

  test('works by keyboard alone', () =>
    visitWhile({}, async (page) => {
      const focused = () =>
        page.evaluate(() => {
          const { activeElement: element } = document;
          return element?.getAttribute('aria-label') ?? element?.id ?? '';
        });
      const tabTo = async (wanted: (name: string) => boolean) => {
        for (let i = 0; i < 40; i++) {
          await page.keyboard.press('Tab');
          const name = await focused();
          if (wanted(name)) return name;
        }
        throw new Error('Tab does not reach it');
      };
      const first = await tabTo((name) => name.includes(', seed '));
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowDown');
      const second = await focused();
      expect(second).toContain(', seed ');
      expect(second).not.toBe(first);
      await page.keyboard.press('Enter');
      expect(second).toContain(await page.locator('#detail-seed').textContent());
      await page.keyboard.press('Escape');
      expect(await page.locator('dialog[open]').count()).toBe(0);
      expect(await focused()).toBe(second);
      await page.keyboard.press('End');
      expect(await focused()).toContain(await seedOf(page, 47));
      await page.keyboard.press('Home');
      expect(await focused()).toBe(first);
      await tabTo((name) => name === 'walk-play');
      await tabTo((name) => name.endsWith('(direction 1)'));
      const before = await pixelsOf(page, '#steer-picture');
      await page.keyboard.press('PageUp');
      expect(await pixelsOf(page, '#steer-picture')).not.toEqual(before);
      await tabTo((name) => name.endsWith('(direction 6)'));
    }));

  describe.each(['light', 'dark'] as const)('in %s mode', (colorScheme) => {
    test.each([
      ['on a phone', PHONE],
      ['on a desktop', { width: 1280, height: 900 }],
    ])('%s, axe finds nothing wrong', (_, viewport) =>
      visitWhile({ colorScheme, viewport }, async (page) => {
        await page.evaluate(axe.source);
        const violations = () =>
          page.evaluate(async () => {
            const results = await (globalThis as unknown as { axe: typeof axe }).axe.run();
            return results.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
          });
        expect(await violations()).toEqual([]);
        await openDigit(page, 0);
        expect(await violations()).toEqual([]);
      }),
    );

    test('ink stands out from its paper', () =>
      visitWhile({ colorScheme }, async (page) => {
        const screenshot = await page.locator('#steer-picture').screenshot();
        const { data, channels } = decode(screenshot);
        const shades = data.filter((_, i) => i % channels === 1).toSorted();
        const paper = shades[shades.length / 2];
        const ink = shades[colorScheme === 'light' ? 100 : shades.length - 100];
        expect([paper > 230, ink > 230]).toEqual([colorScheme === 'light', colorScheme === 'dark']);
        expect(Math.abs(paper - ink)).toBeGreaterThan(200);
      }));
  });

  test('fits any width', () =>
    visitWhile({}, async (page) => {
      await openDigit(page, 0);
      for (const width of [320, 360, 600, 768, 1280]) {
        await page.setViewportSize({ width, height: 740 });
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
        const box = await page.getByRole('dialog').boundingBox();
        expect(box!.x).toBeGreaterThanOrEqual(0);
        expect(box!.x + box!.width).toBeLessThanOrEqual(width);
        const hidden = await page
          .getByRole('dialog')
          .evaluate((dialog) => dialog.scrollHeight - dialog.clientHeight);
        expect([width, hidden > 0]).toEqual([width, width < PHONE.width]);
        const columns = await page
          .locator(WALL)
          .evaluateAll(
            (cells) => new Set(cells.map((cell) => cell.getBoundingClientRect().x)).size,
          );
        expect(48 % columns).toBe(0);
      }
    }));

  test('without scripts, shows digits that the server draws', async () => {
    const { page } = await site.visit({
      javaScriptEnabled: false,
      isComplete: false,
      viewport: PHONE,
    });
    const image = page.getByRole('img', { name: 'Forty-eight handwritten digits.' });
    expect((await image.boundingBox())?.width).toBe(336);
    const source = await image.getAttribute('src');
    expect((await site.worker.fetch(source!)).status).toBe(200);
    expect(await page.getByRole('button').allTextContents()).toEqual(['Show its digit']);
    await page.context().close();
  });

  test('without weights, says so and shows what the server draws', async () => {
    const { page } = await site.visit({
      isComplete: false,
      prepare: (fresh) => fresh.route('**/assets/models/*', (route) => route.abort()),
    });
    await page.getByText('This browser cannot draw by itself').waitFor();
    await page.getByRole('img', { name: 'Forty-eight handwritten digits.' }).waitFor();
    expect(await page.locator('#wall').count()).toBe(0);
    await page.context().close();
  });
});
