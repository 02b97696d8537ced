/** How PNG stores grey levels that are drawn in two colours: as grey levels again, or as indices of a palette. */

import { paletteOf, type PictureOptions, WHITE_ON_BLACK, type Colour } from '../colours.ts';
import type { Image } from '../pixels.ts';

export interface Samples {
  /** https://www.w3.org/TR/png-3/#6Colour-values: 0 is grey, 3 an index into the palette. */
  readonly colourType: 0 | 3;
  /** The sample of each grey level, 256 bytes; meaningless for levels that do not occur. */
  readonly ofLevel: Uint8Array;
  /** Red, green and blue of each index. */
  readonly palette?: Uint8Array;
  /** How opaque each index is, 0 … 255; all are 255 where this is absent. */
  readonly alpha?: Uint8Array;
}

const UNCHANGED = Uint8Array.from({ length: 256 }, (_, level) => level);

/** @param images that share one palette, if they need any */
export function samplesOf(
  images: readonly Image[],
  { colours = WHITE_ON_BLACK, transparent = false }: PictureOptions,
): Samples {
  if (transparent) return { colourType: 3, ...inkAlone(levelsIn(images), colours.foreground) };
  if (colours === WHITE_ON_BLACK) return { colourType: 0, ofLevel: UNCHANGED };
  const drawn = paletteOf(colours);
  if (isGrey(colours.foreground) && isGrey(colours.background)) {
    return { colourType: 0, ofLevel: UNCHANGED.map((level) => drawn[level * 3]) };
  }
  return { colourType: 3, ...indexed(levelsIn(images), drawn) };
}

function isGrey([red, green, blue]: Colour): boolean {
  return red === green && green === blue;
}

/** For each grey level, 1 if it occurs. */
function levelsIn(images: readonly Image[]): Uint8Array {
  const occurs = new Uint8Array(256);
  for (const { pixels } of images) {
    for (let i = 0; i < pixels.length; i++) occurs[pixels[i]] = 1;
  }
  return occurs;
}

/**
 * Colours in the order of their levels, so that paper is 0, as is the byte of the filter None. Ordering
 * them by how often they occur would save 3 bytes of a digit's 662.
 */
function indexed(
  occurs: Uint8Array,
  drawn: Uint8Array,
): { readonly ofLevel: Uint8Array; readonly palette: Uint8Array } {
  const ofLevel = new Uint8Array(256);
  const palette = new Uint8Array(256 * 3);
  let size = 0;
  for (let level = 0; level < 256; level++) {
    if (occurs[level] === 0) continue;
    const colour = drawn.subarray(level * 3, (level + 1) * 3);
    // Levels of equal colour are neighbours, since each channel only rises or only falls.
    if (size === 0 || colour.some((part, i) => part !== palette[(size - 1) * 3 + i])) {
      palette.set(colour, size * 3);
      size++;
    }
    ofLevel[level] = size - 1;
  }
  return { ofLevel, palette: palette.subarray(0, size * 3) };
}

/** One colour, with the levels that occur as its opacity. */
function inkAlone(
  occurs: Uint8Array,
  ink: Colour,
): { readonly ofLevel: Uint8Array; readonly palette: Uint8Array; readonly alpha: Uint8Array } {
  const ofLevel = new Uint8Array(256);
  const alpha: number[] = [];
  for (let level = 0; level < 256; level++) {
    if (occurs[level] === 0) continue;
    ofLevel[level] = alpha.length;
    alpha.push(level);
  }
  const palette = Uint8Array.from(alpha.flatMap(() => ink));
  return { ofLevel, palette, alpha: Uint8Array.from(alpha) };
}
