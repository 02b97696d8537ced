/**
 * SVG encoder for grey pictures drawn in two colours: https://www.w3.org/TR/SVG2/
 *
 * A picture is a stack of shapes from paper to ink, each painted over the one below. Side by side, they
 * would let the paper shine through wherever an edge falls between the pixels of a screen; in a stack,
 * it is the next darker shape that does. Not here: embedded bitmaps, curves, all 256 grey levels.
 */

import { colourOf, WHITE_ON_BLACK, type PictureOptions } from '../colours.ts';
import type { Image } from '../pixels.ts';
import { Outlines } from './outlines.ts';

/**
 * Shapes on top of the paper, hence 16 levels, the nearest of which is at most 8 of 255 off. What other
 * numbers of levels cost for generated digits, alone and in a grid of a hundred:
 *
 *     levels   off by   alone             a hundred
 *          8       18   1.5 kB   35 µs    112 kB   1.8 ms
 *         16        8   2.9 kB   49 µs    242 kB   3.3 ms
 *         32        4   6.0 kB   76 µs    502 kB   6.2 ms
 *        256        0    20 kB           4157 kB
 *
 * Seen next to each other, 16 levels look like 256, while 8 lose faint specks.
 */
const SHAPES = 15;
const LEVELS_A_SHAPE = 255 / SHAPES;

/** By grey level: how many shapes lie on top of each other. */
const HEIGHT_OF_LEVEL = Uint8Array.from({ length: 256 }, (_, level) =>
  Math.round(level / LEVELS_A_SHAPE),
);

/** The text of an SVG file that shows `image` at any size, each grey level at most 8 of 255 off. */
export function encodeSvg(
  { width, height, pixels }: Image,
  { scale = 1, colours = WHITE_ON_BLACK }: PictureOptions = {},
): string {
  const heights = new Uint8Array(pixels.length);
  const occurs = new Uint8Array(SHAPES + 1);
  for (let i = 0; i < pixels.length; i++) {
    heights[i] = HEIGHT_OF_LEVEL[pixels[i]];
    occurs[heights[i]] = 1;
  }
  const outlines = new Outlines(heights, width, height, SHAPES);
  const shape = (index: number, path: string): string =>
    `<path fill="${hexOf(colourOf(index * LEVELS_A_SHAPE, colours))}" d="${path}"/>`;

  // crispEdges, because antialiasing would paint an edge once for each shape that shares it, and so thicken it.
  const size = `width="${width * scale}" height="${height * scale}" viewBox="0 0 ${width} ${height}"`;
  let svg = `<svg xmlns="http://www.w3.org/2000/svg" ${size} shape-rendering="crispEdges">`;
  svg += shape(0, `M0 0h${width}v${height}H0z`);
  for (let index = 1; index <= SHAPES; index++) {
    // A level that does not occur would be painted over entirely.
    if (occurs[index] === 1) svg += shape(index, outlines.pathOf(index));
  }
  return `${svg}</svg>`;
}

/** https://www.w3.org/TR/css-color-4/#hex-notation */
function hexOf(colour: readonly number[]): string {
  return `#${colour.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}
