/** The two colours that a picture is drawn in, and what lies between them. */

/** Red, green and blue, 0 … 255 each. */
export type Colour = readonly [red: number, green: number, blue: number];

export interface Colours {
  /** What grey level 255, ink, is drawn in. */
  readonly foreground: Colour;
  /** What grey level 0, paper, is drawn in. */
  readonly background: Colour;
}

export const WHITE_ON_BLACK: Colours = { foreground: [255, 255, 255], background: [0, 0, 0] };

/** How a picture is drawn, besides its grey levels. */
export interface PictureOptions {
  /** Each pixel is that many wide and high; a whole number, at least 1. */
  readonly scale?: number;
  readonly colours?: Colours;
}

/** The colour of a grey level 0 … 255, linear between background and foreground; halves round up. */
export function colourOf(level: number, { foreground, background }: Colours): Colour {
  const mix = (from: number, to: number): number =>
    Math.floor((from * (255 - level) + to * level + 127.5) / 255);
  return [
    mix(background[0], foreground[0]),
    mix(background[1], foreground[1]),
    mix(background[2], foreground[2]),
  ];
}

/** The colour of each grey level: 256 × red, green, blue. */
export function paletteOf(colours: Colours): Uint8Array {
  const palette = new Uint8Array(256 * 3);
  for (let level = 0; level < 256; level++) palette.set(colourOf(level, colours), level * 3);
  return palette;
}
