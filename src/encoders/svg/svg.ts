/**
 * SVG encoder for grey pictures drawn in two colours: https://www.w3.org/TR/SVG2/
 *
 * A picture is a path for each of its levels, painted from paper to ink; a path is strokes one pixel
 * high, the runs of its level in each row. A run goes on beneath brighter pixels, so that where an edge
 * falls between the pixels of a screen, it is the darker neighbour that shines through, not the paper.
 * Without paper, runs end where their level does, since layers of ink that shines through would add up.
 * Not here: embedded bitmaps, curves, all 256 grey levels.
 */

import { colourOf, WHITE_ON_BLACK, type PictureOptions } from '../colours.ts';
import type { Image } from '../pixels.ts';

/**
 * Levels above the paper, the nearest of which is at most 4 of 255 off. What other numbers cost for
 * generated digits, alone and in a grid of a hundred (Node 26):
 *
 *     levels   off by   alone             a hundred
 *          7       18   1.0 kB    8 µs     66 kB   0.6 ms
 *         15        8   1.4 kB   12 µs     88 kB   0.8 ms
 *         31        4   2.0 kB   16 µs    108 kB   1.0 ms
 *        255        0   4.6 kB   43 µs    178 kB   2.2 ms
 *
 * Seen next to each other, 15 levels look like 255, while 7 lose faint specks. Outlines of the regions at
 * each of 15 levels or above, one on top of the other, took 3.1 kB and 32 µs, 259 kB and 2.2 ms.
 */
const MAX_LEVEL = 31;
const GREY_PER_LEVEL = 255 / MAX_LEVEL;

const LEVEL_OF_GREY = Uint8Array.from({ length: 256 }, (_, grey) =>
  Math.round(grey / GREY_PER_LEVEL),
);

/** The text of an SVG file that shows `image` at any size, each grey level at most 4 of 255 off. */
export function encodeSvg(
  image: Image,
  { scale = 1, colours = WHITE_ON_BLACK, transparent = false }: PictureOptions = {},
): string {
  const { width, height } = image;
  const hexOfLevel = (level: number): string => hexOf(colourOf(level * GREY_PER_LEVEL, colours));

  // Strokes lie half above and half below their y, so row 0 begins at −½. crispEdges, because
  // antialiasing would paint an edge once for each run that ends there, and so thicken it.
  const size = `width="${width * scale}" height="${height * scale}" viewBox="0 -.5 ${width} ${height}"`;
  let svg = `<svg xmlns="http://www.w3.org/2000/svg" ${size} shape-rendering="crispEdges">`;
  if (transparent) {
    svg += `<g stroke="${hexOfLevel(MAX_LEVEL)}">`;
    for (const [level, path] of runsOfLevel(image).entries()) {
      if (path !== '') svg += `<path stroke-opacity="${opacityOf(level)}" d="${path}"/>`;
    }
    return `${svg}</g></svg>`;
  }
  svg += `<path fill="${hexOfLevel(0)}" d="M0-.5h${width}v${height}H0z"/>`;
  for (const [level, path] of runsByLevel(image).entries()) {
    if (path !== '') svg += `<path stroke="${hexOfLevel(level)}" d="${path}"/>`;
  }
  return `${svg}</svg>`;
}

/** 0 … 1, with as many digits as tell levels of grey apart. */
function opacityOf(level: number): string {
  return `${Number((level / MAX_LEVEL).toFixed(3))}`;
}

/** By level: the path of its runs, pixels of a row that are of just that level; that of level 0 is empty. */
function runsOfLevel({ width, height, pixels }: Image): string[] {
  const paths = Array.from({ length: MAX_LEVEL + 1 }, () => '');
  const lastX = new Int32Array(MAX_LEVEL + 1);
  const lastY = new Int32Array(MAX_LEVEL + 1);
  for (let y = 0; y < height; y++) {
    for (let x = 0, end = 0; x < width; x = end) {
      const level = LEVEL_OF_GREY[pixels[y * width + x]];
      for (end = x + 1; end < width && LEVEL_OF_GREY[pixels[y * width + end]] === level;) end++;
      if (level === 0) continue;
      paths[level] += `m${x - lastX[level]} ${y - lastY[level]}h${end - x}`;
      lastX[level] = end;
      lastY[level] = y;
    }
  }
  return paths;
}

/**
 * By level: the path of its runs. A run is pixels of a row that are at least as bright as its level; one
 * without a pixel of just that level would be painted over entirely, so it is left out.
 */
function runsByLevel({ width, height, pixels }: Image): string[] {
  const paths = Array.from({ length: MAX_LEVEL + 1 }, () => '');
  // Of the run of each level: where it begins, and whether it has a pixel of just that level.
  const starts = new Int32Array(MAX_LEVEL + 1);
  const isSeen = new Uint8Array(MAX_LEVEL + 1);
  // Of the path of each level: where its last run ended.
  const lastX = new Int32Array(MAX_LEVEL + 1);
  const lastY = new Int32Array(MAX_LEVEL + 1);

  for (let y = 0; y < height; y++) {
    let before = 0;
    for (let x = 0; x <= width; x++) {
      const level = x < width ? LEVEL_OF_GREY[pixels[y * width + x]] : 0;
      if (level === before) continue;
      for (let begun = before + 1; begun <= level; begun++) {
        starts[begun] = x;
        isSeen[begun] = 0;
      }
      isSeen[level] = 1;
      for (let ended = level + 1; ended <= before; ended++) {
        if (isSeen[ended] === 0) continue;
        // Relative moves take fewer digits.
        paths[ended] += `m${starts[ended] - lastX[ended]} ${y - lastY[ended]}h${x - starts[ended]}`;
        lastX[ended] = x;
        lastY[ended] = y;
      }
      before = level;
    }
  }
  return paths;
}

/** https://www.w3.org/TR/css-color-4/#hex-notation */
function hexOf(colour: readonly number[]): string {
  return `#${colour.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}
