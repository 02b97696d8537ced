/**
 * Chromium's decoders, for pictures, animations, SVG and XML. Tests skip what needs them if no Chromium is
 * installed. Not here: downloading one.
 */

import { existsSync } from 'node:fs';

import { chromium, type Browser, type Page } from 'playwright-core';

const executablePath = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
].find((path) => path !== undefined && existsSync(path));

/** Whether this machine has Chromium. */
export const hasChromium = executablePath !== undefined;
if (!hasChromium) {
  console.warn(
    'Found no Chromium, so tests that need one are skipped; CHROMIUM may name its path.',
  );
}

/** A secure origin, at which pages may use every API; no request for it reaches a network. */
const ORIGIN = 'https://localhost/';

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue and opacity, row by row. */
  readonly pixels: Uint8Array;
}

export interface Animation {
  readonly frames: readonly (Picture & { readonly durationMs: number })[];
  /** How often it starts again: Infinity for ever, 0 for a still picture. */
  readonly repetitions: number;
}

/** A browser with one page. Close it after use. */
export class Chromium {
  readonly page: Page;
  readonly #browser: Browser;

  private constructor(browser: Browser, page: Page) {
    this.#browser = browser;
    this.page = page;
  }

  static async start(): Promise<Chromium> {
    if (executablePath === undefined) throw new Error('found no Chromium');
    const browser = await chromium.launch({ executablePath });
    const page = await browser.newPage();
    await page.route('**', (route) => route.fulfill({ contentType: 'text/html', body: '' }));
    await page.goto(ORIGIN);
    return new Chromium(browser, page);
  }

  /** Another page, with a cache and storage of its own. */
  newPage(): Promise<Page> {
    return this.#browser.newPage();
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }

  /**
   * All frames of a picture or an animation.
   * @param mediaType such as image/gif
   */
  decode(bytes: Uint8Array, mediaType: string): Promise<Animation> {
    return this.page.evaluate(
      async (asked): Promise<Animation> => {
        const decoder = new ImageDecoder({ data: asked.bytes, type: asked.mediaType });
        await Promise.all([decoder.completed, decoder.tracks.ready]);
        const track = decoder.tracks.selectedTrack;
        if (!track) throw new Error('this holds no picture');
        const frames = [];
        for (let frameIndex = 0; frameIndex < track.frameCount; frameIndex++) {
          const { image } = await decoder.decode({ frameIndex });
          const pixels = new Uint8Array(image.displayWidth * image.displayHeight * 4);
          await image.copyTo(pixels, { format: 'RGBA' });
          frames.push({
            width: image.displayWidth,
            height: image.displayHeight,
            pixels,
            durationMs: (image.duration ?? 0) / 1000,
          });
          image.close();
        }
        return { frames, repetitions: track.animated ? track.repetitionCount : 0 };
      },
      { bytes: new Uint8Array(bytes), mediaType },
    );
  }

  /** What an <img> shows of an SVG file at this size, or else at the file's own. */
  renderSvg(svg: string, size?: { width: number; height: number }): Promise<Picture> {
    return this.page.evaluate(
      async (asked): Promise<Picture> => {
        const image = new Image();
        image.src = `data:image/svg+xml,${encodeURIComponent(asked.svg)}`;
        await image.decode();
        const { width, height } = asked.size ?? image;
        const context = new OffscreenCanvas(width, height).getContext('2d');
        if (!context) throw new Error('this page has no canvas');
        context.drawImage(image, 0, 0, width, height);
        const { data } = context.getImageData(0, 0, width, height);
        return { width, height, pixels: new Uint8Array(data) };
      },
      { svg, size },
    );
  }

  /**
   * The names of all elements of an XML document, in document order.
   * @throws {Error} that says what is wrong if it is not well-formed
   */
  async elementsOf(xml: string, mediaType: DOMParserSupportedType): Promise<string[]> {
    const { names, error } = await this.page.evaluate(
      (asked) => {
        const document = new DOMParser().parseFromString(asked.xml, asked.mediaType);
        const elements = [...document.querySelectorAll('*')];
        return {
          names: elements.map(({ nodeName }) => nodeName),
          error: document.querySelector('parsererror')?.textContent,
        };
      },
      { xml, mediaType },
    );
    if (error !== undefined) throw new Error(error);
    return names;
  }
}
