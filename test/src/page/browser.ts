/** The page in Chromium, served by the production bundle in the Workers runtime. */

import type { BrowserContextOptions, Page, Request } from 'playwright-core';

import { Chromium } from '../../foreign/chromium.ts';
import { startWorker, type WorkerOptions, type WorkerUnderTest } from '../worker.ts';

/** How a page is opened. */
export interface Visit extends BrowserContextOptions {
  /** Called before the first request. */
  readonly prepare?: (page: Page) => Promise<unknown>;
  /** What follows the origin. */
  readonly path?: string;
  /** Whether to wait until the page has compared itself with the server. */
  readonly isComplete?: boolean;
}

export interface Visited {
  readonly page: Page;
  /** Messages on the console, errors and failed requests. */
  readonly complaints: readonly string[];
  readonly requests: readonly Request[];
}

export class PageUnderTest {
  readonly worker: WorkerUnderTest;
  readonly origin: string;
  readonly #chromium: Chromium;

  private constructor(worker: WorkerUnderTest, origin: string, chromium: Chromium) {
    this.worker = worker;
    this.origin = origin;
    this.#chromium = chromium;
  }

  static async start(options?: WorkerOptions): Promise<PageUnderTest> {
    const [worker, chromium] = await Promise.all([startWorker(options), Chromium.start()]);
    const { url } = await worker.fetch('/health');
    return new PageUnderTest(worker, new URL(url).origin, chromium);
  }

  async stop(): Promise<void> {
    await Promise.all([this.worker.stop(), this.#chromium.close()]);
  }

  /** Opens the page with a cache and storage of its own, by default with reduced motion. */
  async visit({ prepare, path = '', isComplete = true, ...options }: Visit = {}): Promise<Visited> {
    const browser = this.#chromium.page.context().browser();
    if (!browser) throw new Error('the browser is gone');
    const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
    const page = await context.newPage();
    const complaints: string[] = [];
    const requests: Request[] = [];
    page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('requestfailed', (request) => complaints.push(`failed: ${request.url()}`));
    page.on('request', (request) => requests.push(request));
    await prepare?.(page);
    await page.goto(`${this.origin}/${path}`);
    if (isComplete) await page.getByText('The same bytes as the server’s').waitFor();
    return { page, complaints, requests };
  }
}

/** The grey levels that a canvas shows, as the opacity of black ink. */
export function pixelsOf(page: Page, selector: string): Promise<number[]> {
  return page.locator(selector).evaluate((canvas) => {
    const context = new OffscreenCanvas(28, 28).getContext('2d')!;
    context.drawImage(canvas as HTMLCanvasElement, 0, 0);
    const { data } = context.getImageData(0, 0, 28, 28);
    return Array.from({ length: 28 * 28 }, (_, i) => data[4 * i + 3]);
  });
}
