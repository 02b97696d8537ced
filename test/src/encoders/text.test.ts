import { describe, expect, test } from 'vitest';

import { colourOf, WHITE_ON_BLACK, type Colours } from '../../../src/encoders/colours.ts';
import type { Image } from '../../../src/encoders/pixels.ts';
import { encodeAnsi } from '../../../src/encoders/text.ts';
import { showInTerminal, type Cell } from '../../foreign/terminal.ts';
import { digit, flat, noise } from './pictures.ts';

const BLUE_ON_CREAM: Colours = { foreground: [20, 40, 160], background: [255, 250, 230] };
const ESCAPE = '\x1b';
const TERMINAL = { columns: 80, lines: 24 };

/** 0xRRGGBB of the upper and the lower half of a cell. */
function halvesOf({ text, foreground, background }: Cell): (number | undefined)[] {
  if (text === '▀') return [foreground, background];
  if (text === ' ' || text === '') return [background, background];
  throw new RangeError(`a cell shows ${JSON.stringify(text)}`);
}

function numberOf(level: number, colours: Colours): number {
  const [red, green, blue] = colourOf(level, colours);
  return red * 0x10000 + green * 0x100 + blue;
}

async function checkShown(image: Image, colours: Colours): Promise<void> {
  const { width, height, pixels } = image;
  const lines = await showInTerminal(encodeAnsi(image, colours), TERMINAL);
  expect(lines).toHaveLength(Math.ceil(height / 2) + 1);
  for (const [row, line] of lines.entries()) {
    for (const [x, cell] of line.entries()) {
      const wanted = [row * 2, row * 2 + 1].map((y) =>
        x < width && y < height ? numberOf(pixels[y * width + x], colours) : undefined,
      );
      expect(halvesOf(cell), `column ${x} of line ${row}`).toEqual(wanted);
    }
  }
}

describe('encodeAnsi', () => {
  test.each<[string, Image]>([
    ['a digit', digit(3)],
    ['another digit', digit(68)],
    ['one pixel', noise(1, 1)],
    ['an odd number of rows', noise(13, 7)],
    ['80 columns', noise(80, 10)],
    ['paper', flat(28, 28, 0)],
    ['ink', flat(28, 27, 255)],
  ])('shows every pixel of %s, and leaves the rest of the terminal as it was', async (_, image) => {
    await checkShown(image, WHITE_ON_BLACK);
    await checkShown(image, BLUE_ON_CREAM);
  });

  test('sets a colour only where it changes', () => {
    const image = { width: 4, height: 2, pixels: Uint8Array.of(0, 0, 0, 9, 0, 255, 255, 255) };
    expect(encodeAnsi(image)).toBe(
      `${ESCAPE}[48;2;0;0;0m ${ESCAPE}[38;2;0;0;0;48;2;255;255;255m▀▀${ESCAPE}[38;2;9;9;9m▀${ESCAPE}[0m
`,
    );
  });
});
