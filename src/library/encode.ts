/** The encoders as functions of pictures: a bundler keeps those that are used. Their bytes are those of the service. */

import { concatenate } from '../encoders/bytes.ts';
import {
  type Colour,
  colourFromHex,
  type Colours,
  type PictureOptions,
  sixHexDigits,
  WHITE_ON_BLACK,
} from '../encoders/colours.ts';
import { framesOf } from '../encoders/frames.ts';
import { encodeGif } from '../encoders/gif/gif.ts';
import { encodeIdx } from '../encoders/idx.ts';
import { encodeNpy } from '../encoders/npy.ts';
import { grid, type Image } from '../encoders/pixels.ts';
import { encodeApng } from '../encoders/png/apng.ts';
import { encodePng } from '../encoders/png/png.ts';
import { encodeSvg } from '../encoders/svg/svg.ts';
import { encodeAnsi } from '../encoders/text.ts';

/** How a picture looks. */
export interface Looks {
  /** How many pixels wide and high each pixel becomes: a whole number, 1 unless given. */
  readonly scale?: number;
  /** The colour of the ink, 3 or 6 hex digits with or without `#`; white unless given. */
  readonly fg?: string;
  /** The colour of the paper, likewise; black unless given. PNG and SVG take `transparent` too, which leaves it out. */
  readonly bg?: string;
}

/** A PNG file. @throws RangeError for a scale or a colour that is none, as do all that take {@link Looks} */
export function toPng(image: Image, looks: Looks = {}): Uint8Array {
  return encodePng(image, optionsOf(looks));
}

/** The text of an SVG file: a vector picture of any size, each grey level at most 4 of 255 off. */
export function toSvg(image: Image, looks: Looks = {}): string {
  return encodeSvg(image, optionsOf(looks));
}

/** A PNG as a `data:` URL, for the `src` of an `<img>`. */
export function toDataUrl(image: Image, looks: Looks = {}): string {
  const bytes = Array.from(toPng(image, looks), (byte) => String.fromCharCode(byte));
  return `data:image/png;base64,${btoa(bytes.join(''))}`;
}

/** An animated PNG of a walk. @param images at least one, all of one size */
export function toApng(images: readonly Image[], looks: Looks = {}): Uint8Array {
  return encodeApng(framesOf(images), optionsOf(looks));
}

/** An animated GIF of a walk. @param images at least one, all of one size */
export function toGif(images: readonly Image[], looks: Looks = {}): Uint8Array {
  return encodeGif(framesOf(images), opaque(optionsOf(looks)));
}

/** Text for a terminal with 24-bit colours: half blocks, two rows of pixels a line. */
export function toText(image: Image, looks: Omit<Looks, 'scale'> = {}): string {
  return encodeAnsi(image, opaque(optionsOf(looks)).colours);
}

/** A NumPy file, `|u1`: of one image (height, width), of several (count, height, width). */
export function toNpy(image: Image | readonly Image[]): Uint8Array {
  if ('pixels' in image) return encodeNpy([image.height, image.width], image.pixels);
  return encodeNpy(shapeOf(image), pixelsOf(image));
}

/** Images in the format of MNIST, (count, height, width). */
export function toIdx(images: readonly Image[]): Uint8Array {
  return encodeIdx(shapeOf(images), pixelsOf(images));
}

/**
 * Images in rows, without gaps, as one.
 * @param images at least one, all of one size
 * @param columns images in a row, 10 unless given
 */
export function toGrid(images: readonly Image[], columns = 10): Image {
  return grid(images, columns);
}

function shapeOf(images: readonly Image[]): readonly number[] {
  return [images.length, images[0].height, images[0].width];
}

function pixelsOf(images: readonly Image[]): Uint8Array {
  return concatenate(images.map(({ pixels }) => pixels));
}

const TRANSPARENT = 'transparent';

function optionsOf({ scale = 1, fg, bg }: Looks): Required<PictureOptions> {
  if (!Number.isInteger(scale) || scale < 1) {
    throw new RangeError(`scale: found ${scale}, expected a whole number from 1`);
  }
  const transparent = bg === TRANSPARENT;
  return { scale, colours: coloursOf(fg, transparent ? undefined : bg), transparent };
}

/** @throws RangeError where the paper is to be left out */
function opaque(options: Required<PictureOptions>): Required<PictureOptions> {
  if (!options.transparent) return options;
  throw new RangeError(`bg: found "${TRANSPARENT}", expected a colour, but for PNG and SVG`);
}

function coloursOf(fg: string | undefined, bg: string | undefined): Colours {
  const { foreground, background } = WHITE_ON_BLACK;
  // This very object, which encoders recognize as grey.
  if (fg === undefined && bg === undefined) return WHITE_ON_BLACK;
  return {
    foreground: fg === undefined ? foreground : colourOf('fg', fg),
    background: bg === undefined ? background : colourOf('bg', bg),
  };
}

function colourOf(name: string, text: string): Colour {
  if (/^#?(?:[0-9a-f]{3}|[0-9a-f]{6})$/i.test(text)) return colourFromHex(sixHexDigits(text));
  const found = `${name}: found ${JSON.stringify(text)}`;
  throw new RangeError(`${found}, expected a colour of 3 or 6 hex digits, such as #00aaff`);
}
