/** The page's start in Firefox, a second engine: what it shows there, and that the digits are the server's. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { Firefox, hasFirefox } from '../../foreign/firefox.ts';
import { startWorker, type WorkerUnderTest } from '../worker.ts';

interface Shown {
  readonly sentence: string;
  readonly seeds: readonly string[];
  /** The opacity of the first digit's ink, row by row. */
  readonly pixels: readonly number[];
}

/** Waits until the page has compared itself with the server, then reads what it shows. */
const READ = `async () => {
  const check = document.getElementById('check');
  await new Promise((resolve) => {
    const look = () => check.textContent && resolve();
    new MutationObserver(look).observe(check, { childList: true, subtree: true, characterData: true });
    look();
  });
  const cells = [...document.querySelectorAll('#wall button:not([hidden])')];
  const context = new OffscreenCanvas(28, 28).getContext('2d');
  context.drawImage(cells[0].querySelector('canvas'), 0, 0);
  const { data } = context.getImageData(0, 0, 28, 28);
  return {
    sentence: check.textContent,
    seeds: cells.map((cell) => cell.value),
    pixels: Array.from({ length: 28 * 28 }, (_, i) => data[4 * i + 3]),
  };
}`;

describe.skipIf(!hasFirefox)('the page in Firefox', () => {
  let worker: WorkerUnderTest;
  let origin: string;
  let firefox: Firefox;
  let shown: Shown;

  beforeAll(async () => {
    [worker, firefox] = await Promise.all([startWorker(), Firefox.start()]);
    origin = new URL((await worker.fetch('/health')).url).origin;
    await firefox.open(`${origin}/`);
    shown = await firefox.evaluate<Shown>(READ);
  });
  afterAll(() => Promise.all([worker?.stop(), firefox?.close()]));

  test('draws what the server draws', async () => {
    expect(shown.sentence).toContain('The same bytes as the server’s: yes.');
    expect(shown.seeds).toHaveLength(48);
    const seed = encodeURIComponent(shown.seeds[0]);
    const served = await worker.fetch(`/digit.json?seed=${seed}`);
    expect(shown.pixels).toEqual(((await served.json()) as Shown).pixels);
  });

  test('logs nothing, and asks nobody but its own server', () => {
    expect(firefox.complaints).toEqual([]);
    expect(firefox.requests.length).toBeGreaterThan(4);
    expect(firefox.requests.filter((url) => !url.startsWith(`${origin}/`))).toEqual([]);
  });
});
