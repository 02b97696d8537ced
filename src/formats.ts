/** What a digit can be sent as. A new format is a new entry here. */

import { magnify, type Image } from './image/grid.ts';
import { encodePng } from './image/png.ts';
import type { Options, ParameterName } from './options.ts';

/** A digit and where it comes from. */
export interface Digit {
  readonly seed: string;
  /** 16 hex digits. */
  readonly model: string;
  readonly image: Image;
  /** The absolute URL of this very digit in this format. */
  readonly url: string;
}

export interface Format {
  /** The ending of its paths. */
  readonly name: string;
  readonly mediaType: string;
  /** The parameters that shape it, besides those that choose the digit. */
  readonly parameters: readonly ParameterName[];
  encode(digit: Digit, options: Options): Uint8Array | string;
}

/** In the order in which ties are decided. */
export const formats: readonly Format[] = [
  {
    name: 'png',
    mediaType: 'image/png',
    parameters: ['scale'],
    encode: ({ image }, { scale = 1 }) => encodePng(magnify(image, scale)),
  },
  {
    name: 'json',
    mediaType: 'application/json',
    parameters: [],
    encode: ({ seed, model, image: { width, height, pixels }, url }) =>
      JSON.stringify({ seed, model, width, height, pixels: [...pixels], url }),
  },
];
