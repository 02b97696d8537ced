/** The two colours of a picture, ink and paper, and the shades between them. */

/** Red, green and blue, 0 … 255 each. */
export type Colour = readonly [red: number, green: number, blue: number];

export interface Colours {
  /** Of ink, grey level 255. */
  readonly foreground: Colour;
  /** Of paper, grey level 0. */
  readonly background: Colour;
}

export const WHITE_ON_BLACK: Colours = { foreground: [255, 255, 255], background: [0, 0, 0] };

/** How grey levels become a picture. */
export interface PictureOptions {
  /** Each pixel becomes a square this many pixels wide: a whole number, at least 1. */
  readonly scale?: number;
  readonly colours?: Colours;
  /** Leaves the paper out: a grey level is how much of the ink there is, and the background does not count. */
  readonly transparent?: boolean;
}

/** The colour of a grey level 0 … 255: linear between background and foreground, halves rounded up. */
export function colourOf(level: number, { foreground, background }: Colours): Colour {
  const mix = (from: number, to: number): number =>
    Math.floor((from * (255 - level) + to * level + 127.5) / 255);
  return [
    mix(background[0], foreground[0]),
    mix(background[1], foreground[1]),
    mix(background[2], foreground[2]),
  ];
}

/** The colours of all 256 grey levels: red, green and blue of each. */
export function paletteOf(colours: Colours): Uint8Array {
  const palette = new Uint8Array(256 * 3);
  for (let level = 0; level < 256; level++) palette.set(colourOf(level, colours), level * 3);
  return palette;
}

/** @param text a colour of 3 or 6 hex digits, with or without # */
export function sixHexDigits(text: string): string {
  const digits = text.replace('#', '').toLowerCase();
  return digits.length === 6 ? digits : digits.replaceAll(/./g, '$&$&');
}

/** @param hex six digits */
export function colourFromHex(hex: string): Colour {
  const value = Number.parseInt(hex, 16);
  return [value >> 16, (value >> 8) & 0xff, value & 0xff];
}
