/**
 * The table of formats: what a digit, a series of digits, a number and a walk can be sent as. A format is an
 * encoder and an entry here; routes, OpenAPI document, page and the command `sample` follow the table.
 * Not here: where pictures come from, how they are asked for.
 */

import { concatenate } from './bytes.ts';
import type { Colours } from './colours.ts';
import { framesOf } from './frames.ts';
import { encodeGif } from './gif/gif.ts';
import { encodeIdx, idxHeader } from './idx.ts';
import {
  type DigitRecord,
  type DocumentOptions,
  encodeDigit,
  encodeDigits,
  encodeNumber,
  type NumberRecord,
} from './json.ts';
import { encodeNpy, npyHeader } from './npy.ts';
import { grid, type Image } from './pixels.ts';
import { encodeApng } from './png/apng.ts';
import { encodePng } from './png/png.ts';
import { encodeSvg } from './svg/svg.ts';
import { encodeAnsi } from './text.ts';

/** What there is to encode. */
interface Contents {
  readonly digit: DigitRecord;
  /** At least one. */
  readonly digits: readonly DigitRecord[];
  readonly number: NumberRecord;
  /** The pictures of a walk, both ends included. */
  readonly walk: readonly Image[];
}

/** How content is encoded: the looks of pictures, the addresses in documents. */
export interface FormatOptions extends DocumentOptions {
  /** How many pixels wide and high each pixel becomes. */
  readonly scale: number;
  readonly colours: Colours;
  /** Leaves the paper out; formats without this option cannot. */
  readonly transparent: boolean;
  /** How many digits a row of a grid has. */
  readonly cols: number;
}

export interface Format<Content> {
  /** The ending of its files and paths. */
  readonly name: string;
  readonly mediaType: string;
  /** What `Content-Type` says, where that is more than the media type. */
  readonly contentType?: string;
  /** The options that make a difference to it. */
  readonly options: readonly (keyof FormatOptions)[];
  /** In formats that are a header, then the pixels: such files can be written piece by piece. */
  readonly headerOf?: (shape: readonly number[]) => Uint8Array;
  readonly encode: Encode<Content>;
}

type Encode<Content> = (content: Content, options: FormatOptions) => Uint8Array | string;

/** A format in the table, with an encoder for each kind of content that it can hold. */
interface Entry extends Omit<Format<never>, 'encode'> {
  readonly encode: { readonly [What in keyof Contents]?: Encode<Contents[What]> };
}

const OPAQUE = ['scale', 'colours'] as const;
const PICTURE = [...OPAQUE, 'transparent'] as const;

/** In order of preference, for clients that have none. */
const TABLE: readonly Entry[] = [
  {
    name: 'png',
    mediaType: 'image/png',
    options: PICTURE,
    encode: {
      digit: (digit, options) => encodePng(digit, options),
      digits: (digits, options) => encodePng(gridOf(digits, options), options),
      number: (number, options) => encodePng(rowOf(number), options),
      // An animated PNG is a PNG, and proxies for pictures let through what they know.
      walk: encodeWalk,
    },
  },
  {
    name: 'svg',
    mediaType: 'image/svg+xml',
    options: PICTURE,
    encode: {
      digit: (digit, options) => encodeSvg(digit, options),
      digits: (digits, options) => encodeSvg(gridOf(digits, options), options),
      number: (number, options) => encodeSvg(rowOf(number), options),
    },
  },
  {
    name: 'json',
    mediaType: 'application/json',
    options: ['origin'],
    encode: {
      digit: encodeDigit,
      digits: encodeDigits,
      number: encodeNumber,
    },
  },
  {
    name: 'txt',
    mediaType: 'text/plain',
    contentType: 'text/plain; charset=utf-8',
    options: ['colours'],
    encode: {
      digit: (digit, { colours }) => encodeAnsi(digit, colours),
      number: (number, { colours }) => encodeAnsi(rowOf(number), colours),
    },
  },
  {
    name: 'npy',
    mediaType: 'application/x-npy',
    options: [],
    headerOf: npyHeader,
    encode: {
      digit: encodeImage,
      number: (number) => encodeImage(rowOf(number)),
      digits: (digits) => encodeNpy(shapeOf(digits), concatenate(pixelsOf(digits))),
    },
  },
  {
    name: 'idx',
    mediaType: 'application/x-idx',
    options: [],
    headerOf: idxHeader,
    encode: {
      digits: (digits) => encodeIdx(shapeOf(digits), concatenate(pixelsOf(digits))),
    },
  },
  {
    name: 'apng',
    mediaType: 'image/apng',
    options: PICTURE,
    encode: {
      walk: encodeWalk,
    },
  },
  {
    name: 'gif',
    mediaType: 'image/gif',
    // Its pixels are there or not, with nothing in between.
    options: OPAQUE,
    encode: {
      walk: (pictures, options) => encodeGif(framesOf(pictures), options),
    },
  },
];

export const digitFormats = formatsOf('digit');
export const digitsFormats = formatsOf('digits').map(withColumns);
export const numberFormats = formatsOf('number');
export const walkFormats = formatsOf('walk');

function formatsOf<What extends keyof Contents>(what: What): readonly Format<Contents[What]>[] {
  return TABLE.flatMap(({ encode: encoders, ...format }) => {
    const encode = encoders[what];
    return encode ? [{ ...format, encode }] : [];
  });
}

/** Pictures of a series are grids. */
function withColumns<Content>(format: Format<Content>): Format<Content> {
  const { options } = format;
  return options.includes('scale') ? { ...format, options: [...options, 'cols'] } : format;
}

function encodeWalk(pictures: readonly Image[], options: FormatOptions): Uint8Array {
  return encodeApng(framesOf(pictures), options);
}

function gridOf(digits: readonly DigitRecord[], { cols }: FormatOptions): Image {
  return grid(digits, cols);
}

/** The digits of a number, side by side. */
function rowOf({ digits }: NumberRecord): Image {
  return grid(digits, digits.length);
}

function encodeImage({ width, height, pixels }: Image): Uint8Array {
  return encodeNpy([height, width], pixels);
}

function shapeOf(digits: readonly DigitRecord[]): readonly number[] {
  const [{ width, height }] = digits;
  return [digits.length, height, width];
}

function pixelsOf(digits: readonly DigitRecord[]): Uint8Array[] {
  return digits.map(({ pixels }) => pixels);
}
