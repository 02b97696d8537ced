/** What a digit, a series of digits and a walk can be sent as. A new format is a new entry here. */

import { CONFIDENCE_DECIMALS, DIGIT_SIDE } from '../digit.ts';
import { DEFAULTS, type Options, type ParameterName } from '../http/parameters.ts';
import type { Digit } from '../sampler/sampler.ts';
import { concatenate } from './bytes.ts';
import { WHITE_ON_BLACK, type Colour, type PictureOptions } from './colours.ts';
import { encodeGif } from './gif/gif.ts';
import { encodeIdx } from './idx.ts';
import { encodeNpy } from './npy.ts';
import { grid } from './pixels.ts';
import { encodeApng } from './png/apng.ts';
import { encodePng } from './png/png.ts';
import { encodeSvg } from './svg/svg.ts';
import { encodeAnsi } from './text.ts';

/** A digit and where it comes from. */
export interface MintedDigit extends Digit {
  readonly seed: string;
  /** The path and query of this very digit as JSON. */
  jsonPath(): string;
}

/** What a document says besides its digits. */
export interface Source {
  /** 16 hex digits. */
  readonly model: string;
  /** What paths become absolute with. */
  origin(): string;
}

export interface Format<Content> {
  /** The ending of its paths. */
  readonly name: string;
  readonly mediaType: string;
  /** Where `Content-Type` says more than the media type. */
  readonly contentType?: string;
  /** The parameters that shape it, besides those that choose the digits. */
  readonly parameters: readonly ParameterName[];
  encode(content: Content, options: Options, source: Source): Uint8Array | string;
}

const PICTURE: readonly ParameterName[] = ['scale', 'fg', 'bg'];
const GRID: readonly ParameterName[] = [...PICTURE, 'cols'];

/** Each in the order in which ties are decided. */
export const digitFormats: readonly Format<MintedDigit>[] = [
  {
    name: 'png',
    mediaType: 'image/png',
    parameters: PICTURE,
    encode: (digit, options) => encodePng(pictureOf(digit), pictureOptions(options)),
  },
  {
    name: 'svg',
    mediaType: 'image/svg+xml',
    parameters: PICTURE,
    encode: (digit, options) => encodeSvg(pictureOf(digit), pictureOptions(options)),
  },
  {
    name: 'json',
    mediaType: 'application/json',
    parameters: [],
    encode: (digit, _, source) => JSON.stringify(documentOf(digit, source)),
  },
  {
    name: 'txt',
    mediaType: 'text/plain',
    contentType: 'text/plain; charset=utf-8',
    parameters: ['fg', 'bg'],
    encode: (digit, options) => encodeAnsi(pictureOf(digit), pictureOptions(options).colours),
  },
  {
    name: 'npy',
    mediaType: 'application/x-npy',
    parameters: [],
    encode: ({ pixels }) => encodeNpy([DIGIT_SIDE, DIGIT_SIDE], pixels),
  },
];

export const digitsFormats: readonly Format<readonly MintedDigit[]>[] = [
  {
    name: 'png',
    mediaType: 'image/png',
    parameters: GRID,
    encode: (digits, options) => encodePng(gridOf(digits, options), pictureOptions(options)),
  },
  {
    name: 'svg',
    mediaType: 'image/svg+xml',
    parameters: GRID,
    encode: (digits, options) => encodeSvg(gridOf(digits, options), pictureOptions(options)),
  },
  {
    name: 'json',
    mediaType: 'application/json',
    parameters: [],
    encode: (digits, _, source) =>
      JSON.stringify({
        model: source.model,
        count: digits.length,
        digits: digits.map((digit) => documentOf(digit, source)),
      }),
  },
  {
    name: 'npy',
    mediaType: 'application/x-npy',
    parameters: [],
    encode: (digits) => encodeNpy(shapeOf(digits), concatenate(pixelsOf(digits))),
  },
  {
    name: 'idx',
    mediaType: 'application/x-idx',
    parameters: [],
    encode: (digits) => encodeIdx(shapeOf(digits), concatenate(pixelsOf(digits))),
  },
];

/** The pictures of a walk, both ends included. */
export const walkFormats: readonly Format<readonly Uint8Array[]>[] = [
  {
    name: 'png',
    mediaType: 'image/apng',
    parameters: PICTURE,
    encode: (pictures, options) => encodeApng(framesOf(pictures), pictureOptions(options)),
  },
  {
    name: 'gif',
    mediaType: 'image/gif',
    parameters: PICTURE,
    encode: (pictures, options) => encodeGif(framesOf(pictures), pictureOptions(options)),
  },
];

const FRAME_MS = 60;
/** At both ends of a walk one may look at the digit for a while. */
const END_MS = 600;

function pictureOf({ pixels }: { readonly pixels: Uint8Array }) {
  return { width: DIGIT_SIDE, height: DIGIT_SIDE, pixels };
}

function gridOf(digits: readonly MintedDigit[], { cols = DEFAULTS.cols }: Options) {
  return grid(pixelsOf(digits), cols);
}

function framesOf(pictures: readonly Uint8Array[]) {
  return pictures.map((pixels, index) => {
    const isEnd = index === 0 || index === pictures.length - 1;
    return { image: pictureOf({ pixels }), delayMs: isEnd ? END_MS : FRAME_MS };
  });
}

function pictureOptions({ scale = DEFAULTS.scale, fg, bg }: Options) {
  const { foreground, background } = WHITE_ON_BLACK;
  // White on black as that very object, which encoders know to be grey.
  const colours =
    fg === undefined && bg === undefined
      ? WHITE_ON_BLACK
      : { foreground: colourOf(fg) ?? foreground, background: colourOf(bg) ?? background };
  return { scale, colours } satisfies PictureOptions;
}

/** @param hex six digits, if given */
function colourOf(hex: string | undefined): Colour | undefined {
  if (hex === undefined) return undefined;
  const value = Number.parseInt(hex, 16);
  return [value >> 16, (value >> 8) & 0xff, value & 0xff];
}

function documentOf({ seed, label, confidence, pixels, jsonPath }: MintedDigit, source: Source) {
  return {
    seed,
    label,
    confidence: Number(confidence.toFixed(CONFIDENCE_DECIMALS)),
    model: source.model,
    width: DIGIT_SIDE,
    height: DIGIT_SIDE,
    pixels: Array.from(pixels),
    url: source.origin() + jsonPath(),
  };
}

function shapeOf({ length }: readonly MintedDigit[]): readonly number[] {
  return [length, DIGIT_SIDE, DIGIT_SIDE];
}

function pixelsOf(digits: readonly MintedDigit[]): Uint8Array[] {
  return digits.map(({ pixels }) => pixels);
}
