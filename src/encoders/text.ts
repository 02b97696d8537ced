/**
 * Grey pictures as text for terminals: two rows of pixels a line, since a terminal's cell is about twice
 * as high as wide. Not here: terminals without 24-bit colours, escape sequences other than SGR.
 */

import { colourOf, WHITE_ON_BLACK, type Colours } from './colours.ts';
import type { Image } from './pixels.ts';

/** Its upper half is drawn in the foreground colour, its lower half in the background colour. */
const UPPER_HALF = '▀';
/** For two equal halves: it saves a colour, and some fonts leave a gap around the block. */
const FLAT = ' ';
/** The terminal's own colour. */
const OWN_COLOUR = '';
const END_OF_LINE = `${sgr('0')}\n`;

/**
 * One column for each column of pixels, one line for every two rows; each line ends by resetting the
 * colours. If the number of rows is odd, the lower half of the last line keeps the terminal's own colour.
 */
export function encodeAnsi(
  { width, height, pixels }: Image,
  colours: Colours = WHITE_ON_BLACK,
): string {
  const drawn: (string | undefined)[] = [];
  const rgbOf = (level: number): string => (drawn[level] ??= colourOf(level, colours).join(';'));

  let text = '';
  for (let y = 0; y < height; y += 2) {
    let foreground = OWN_COLOUR;
    let background = OWN_COLOUR;
    for (let x = 0; x < width; x++) {
      const upper = rgbOf(pixels[y * width + x]);
      const lower = y + 1 < height ? rgbOf(pixels[(y + 1) * width + x]) : OWN_COLOUR;
      const changes: string[] = [];
      if (upper !== lower && upper !== foreground) {
        foreground = upper;
        changes.push(`38;2;${upper}`);
      }
      if (lower !== background) {
        background = lower;
        changes.push(`48;2;${lower}`);
      }
      if (changes.length > 0) text += sgr(changes.join(';'));
      text += upper === lower ? FLAT : UPPER_HALF;
    }
    text += END_OF_LINE;
  }
  return text;
}

/** Select graphic rendition: https://ecma-international.org/publications-and-standards/standards/ecma-48/ § 8.3.117 */
function sgr(parameters: string): string {
  return `\x1b[${parameters}m`;
}
