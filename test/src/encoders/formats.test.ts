/** What the Worker answers, read by programs that others wrote: Chromium, NumPy, a reader of MNIST, a terminal. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { WHITE_ON_BLACK } from '../../../src/encoders/colours.ts';
import { digitFormats, digitsFormats, walkFormats } from '../../../src/encoders/formats.ts';
import { Chromium, hasChromium } from '../../foreign/chromium.ts';
import { readMnist } from '../../foreign/mnist.ts';
import { hasNumpy, loadNpy } from '../../foreign/numpy.ts';
import { showInTerminal } from '../../foreign/terminal.ts';
import type { DigitDocument } from '../documents.ts';
import { startWorker, type WorkerUnderTest } from '../worker.ts';

let worker: WorkerUnderTest;
beforeAll(async () => {
  worker = await startWorker();
});
afterAll(() => worker.stop());

const bytesAt = async (path: string) =>
  new Uint8Array(await (await worker.fetch(path)).arrayBuffer());
const textAt = async (path: string) => (await worker.fetch(path)).text();
const documentAt = async <Document>(path: string) =>
  (await (await worker.fetch(path)).json()) as Document;
const pixelsOf = async (seed: string) =>
  (await documentAt<DigitDocument>(`/digit.json?seed=${seed}`)).pixels;
const seriesOf = async (query: string) => {
  const { digits } = await documentAt<{ digits: DigitDocument[] }>(`/digits.json?${query}`);
  return digits.map(({ pixels }) => pixels);
};

/** Grey levels as shades from one colour to another, magnified: red, green, blue and opaque alpha. */
function painted(
  levels: readonly number[],
  scale = 1,
  from = [0, 0, 0],
  to = [255, 255, 255],
): number[] {
  const side = 28 * scale;
  return Array.from({ length: side * side }, (_, i) => {
    const [x, y] = [Math.floor((i % side) / scale), Math.floor(i / side / scale)];
    const level = levels[y * 28 + x];
    return [...from.map((low, c) => Math.round(low + ((to[c] - low) * level) / 255)), 255];
  }).flat();
}

describe.skipIf(!hasChromium)('Chromium', () => {
  let chromium: Chromium;
  beforeAll(async () => {
    chromium = await Chromium.start();
  });
  afterAll(() => chromium.close());

  test.each([1, 3, 32])('shows every pixel of a PNG at scale %i', async (scale) => {
    const levels = await pixelsOf('chromium');
    const png = await bytesAt(`/digit.png?seed=chromium&scale=${scale}`);
    const { frames, repetitions } = await chromium.decode(png, 'image/png');
    expect({ count: frames.length, repetitions }).toEqual({ count: 1, repetitions: 0 });
    expect([...frames[0].pixels]).toEqual(painted(levels, scale));
  });

  test('shows every pixel of a PNG in colours', async () => {
    const levels = await pixelsOf('chromium');
    const png = await bytesAt('/digit.png?seed=chromium&scale=2&fg=ff8000&bg=003');
    const [frame] = (await chromium.decode(png, 'image/png')).frames;
    expect([...frame.pixels]).toEqual(painted(levels, 2, [0, 0, 0x33], [0xff, 0x80, 0]));
  });

  test.each([
    ['/walk.png', 'image/png'],
    ['/walk.gif', 'image/gif'],
  ])('plays every frame of %s, for ever', async (path, type) => {
    const query = '?from=chromium&to=firefox&frames=6&scale=2';
    const { frames, repetitions } = await chromium.decode(await bytesAt(path + query), type);
    expect(frames).toHaveLength(6);
    expect(repetitions).toBe(Infinity);
    for (const { durationMs } of frames) expect(durationMs).toBeGreaterThanOrEqual(20);
    expect([...frames[0].pixels]).toEqual(painted(await pixelsOf('chromium'), 2));
    expect([...frames[5].pixels]).toEqual(painted(await pixelsOf('firefox'), 2));
  });

  test('plays the same walk as APNG and as GIF', async () => {
    const query = '?from=a&to=b&frames=9&fg=0a0';
    const apng = await chromium.decode(await bytesAt(`/walk.png${query}`), 'image/png');
    const gif = await chromium.decode(await bytesAt(`/walk.gif${query}`), 'image/gif');
    for (const [i, frame] of apng.frames.entries()) {
      expect(frame.pixels).toEqual(gif.frames[i].pixels);
      expect(frame.durationMs).toBe(gif.frames[i].durationMs);
    }
  });

  test('reads an SVG as XML of shapes alone, and shows the digit', async () => {
    const svg = await textAt('/digit.svg?seed=chromium&scale=4');
    const names = await chromium.elementsOf(svg, 'image/svg+xml');
    expect(new Set(names)).toEqual(new Set(['svg', 'path']));
    const { width, height, pixels } = await chromium.renderSvg(svg);
    expect({ width, height }).toEqual({ width: 112, height: 112 });
    const expected = painted(await pixelsOf('chromium'), 4);
    const off = pixels.map((value, i) => Math.abs(value - expected[i]));
    expect(Math.max(...off)).toBeLessThanOrEqual(8);
  });
});

describe.skipIf(!hasNumpy)('NumPy', () => {
  test('loads one digit', async () => {
    const array = loadNpy(await bytesAt('/digit.npy?seed=numpy'));
    expect(array).toMatchObject({ dtype: '|u1', shape: [28, 28], isCOrder: true });
    expect([...array.data]).toEqual(await pixelsOf('numpy'));
  });

  test.each([1, 7, 100])('loads a series of %i', async (count) => {
    const query = `seed=numpy&count=${count}`;
    const array = loadNpy(await bytesAt(`/digits.npy?${query}`));
    expect(array).toMatchObject({ dtype: '|u1', shape: [count, 28, 28], isCOrder: true });
    expect([...array.data]).toEqual((await seriesOf(query)).flat());
  });
});

test('a reader of MNIST reads a series', async () => {
  const images = await bytesAt('/digits.idx?seed=mnist&count=20');
  const labels = new Uint8Array(8 + 20); // not looked at
  expect(readMnist(images, labels, 20).images).toEqual(await seriesOf('seed=mnist&count=20'));
});

test('a terminal of 80 columns shows the digit, two rows of pixels a line', async () => {
  const levels = await pixelsOf('terminal');
  const text = await textAt('/digit.txt?seed=terminal');
  const lines = await showInTerminal(text, { columns: 80, lines: 24 });
  for (let y = 0; y < 28; y++) {
    for (let x = 0; x < 28; x++) {
      const { text: glyph, foreground, background } = lines[y >> 1][x];
      // The upper half of a cell is the glyph's own colour, where it has one.
      const shown = y % 2 === 0 && glyph === '▀' ? foreground : background;
      expect(shown).toBe(levels[y * 28 + x] * 0x010101);
    }
    for (const cell of lines[y >> 1].slice(28)) expect(cell.background).toBeUndefined();
  }
});

describe('the table', () => {
  const digits = [1, 2, 3].map((level) => ({
    width: 28,
    height: 28,
    pixels: new Uint8Array(784).fill(level),
    label: 7,
    confidence: 0.99,
    seed: 'a',
    model: '0123456789abcdef',
    path: '/digit.json?seed=a',
  }));
  const options = {
    scale: 1,
    colours: WHITE_ON_BLACK,
    transparent: false,
    cols: 2,
    origin: 'https://example.com',
  };

  test.each([
    ['a digit', digitFormats],
    ['a series', digitsFormats],
    ['a walk', walkFormats],
  ])('has one name and one media type for each format of %s', (_, formats) => {
    expect(new Set(formats.map(({ name }) => name)).size).toBe(formats.length);
    expect(new Set(formats.map(({ mediaType }) => mediaType)).size).toBe(formats.length);
  });

  test.each(digitsFormats.filter(({ headerOf }) => headerOf))(
    'has a header for $name that pixels can follow piece by piece',
    ({ headerOf, encode }) => {
      const pieces = [headerOf!([3, 28, 28]), ...digits.map(({ pixels }) => pixels)];
      expect(Buffer.concat(pieces).equals(encode(digits, options) as Uint8Array)).toBe(true);
    },
  );

  test('lists the columns of a grid for pictures of a series alone', () => {
    const gridded = digitsFormats.filter((format) => format.options.includes('cols'));
    expect(gridded.every((format) => format.options.includes('scale'))).toBe(true);
    expect(gridded.map(({ name }) => name)).toContain('png');
    for (const format of [...digitFormats, ...walkFormats])
      expect(format.options).not.toContain('cols');
  });
});
