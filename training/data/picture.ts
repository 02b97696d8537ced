/**
 * One picture's file → a square of grey levels. Decoded by Jimp, in JavaScript alone: of the libraries that are, it reads the
 * most formats (image-js knows no GIF; WebP takes native code or a WebAssembly file that Node does not find).
 */

import { createJimp } from '@jimp/core';
import bmp from '@jimp/js-bmp';
import gif from '@jimp/js-gif';
import jpeg from '@jimp/js-jpeg';
import png from '@jimp/js-png';
import { imageSize } from 'image-size';

import { reasonOf } from '../cli/failure.ts';
import { DatasetError } from './dataset.ts';
import { readFile } from './files.ts';
import { type GreyPicture, fitted } from './fit.ts';
import { requireSoundGif } from './gif.ts';

const FORMATS: ReadonlySet<string> = new Set(['png', 'jpg', 'gif', 'bmp']);
/** A picture that a camera takes has half as many; each takes four bytes. */
const MAX_PIXELS = 2 ** 26;
/** Where a picture has more pixels than this, each of its file's bytes stands for at most so many of them. */
const MAX_FREE_PIXELS = 2 ** 20;
const MAX_PIXELS_PER_BYTE = 1024;
/** Where a BMP has the number of its palette's colours, and how many bytes each takes. */
const BMP_COLOURS = { offset: 46, bytes: 4 };

/** Why a file is no picture that can be read. */
export class PictureError extends Error {
  override name = 'PictureError';
}

const Jimp = createJimp({ formats: [bmp, gif, jpeg, png] });

/**
 * A picture, fitted into a square; of an animation, the first frame.
 * @returns (side, side), 255 is white
 * @throws PictureError
 */
export async function readPicture(path: string, side: number): Promise<Uint8Array> {
  const bytes = Buffer.from(bytesOf(path));
  const type = requireFormat(bytes);
  try {
    if (type === 'gif') requireSoundGif(bytes);
    const { bitmap } = await Jimp.fromBuffer(bytes);
    return fitted(greyOf(bitmap), side);
  } catch (error) {
    throw new PictureError(`it is damaged (${reasonOf(error)})`);
  }
}

function bytesOf(path: string): Uint8Array {
  try {
    return readFile(path);
  } catch (error) {
    if (!(error instanceof DatasetError)) throw error;
    throw new PictureError(error.message.slice(`${path}: `.length).replace(/\.$/, ''));
  }
}

/** The format by the header, before anything is decoded. */
function requireFormat(bytes: Buffer): string {
  const expected = 'expected PNG, JPEG, GIF or BMP';
  let size: ReturnType<typeof imageSize>;
  try {
    size = imageSize(bytes);
  } catch {
    throw new PictureError(`found no picture, ${expected}`);
  }
  const { type = 'another format', width, height } = size;
  if (!FORMATS.has(type)) throw new PictureError(`found ${type}, ${expected}`);
  if (!(width > 0 && height > 0 && width * height <= MAX_PIXELS)) {
    throw new PictureError(
      `found ${width} × ${height} pixels, expected at least one and at most ${MAX_PIXELS}`,
    );
  }
  const proportionate = Math.max(MAX_FREE_PIXELS, bytes.length * MAX_PIXELS_PER_BYTE);
  if (width * height > proportionate) {
    throw new PictureError(
      `found ${width} × ${height} pixels in ${bytes.length} bytes, expected at most ${proportionate}`,
    );
  }
  if (type === 'bmp') requirePalette(bytes);
  return type;
}

/** The decoder makes room for as many colours as a file says it has. */
function requirePalette(bytes: Buffer): void {
  const { offset, bytes: each } = BMP_COLOURS;
  const colours = bytes.length < offset + 4 ? 0 : bytes.readUInt32LE(offset);
  const most = Math.floor(bytes.length / each);
  if (colours > most) {
    throw new PictureError(`found a palette of ${colours} colours, expected at most ${most}`);
  }
}

/** Luminance by Recommendation BT.601, on white where a picture is transparent. */
function greyOf({
  width,
  height,
  data,
}: {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}): GreyPicture {
  const levels = new Float64Array(width * height);
  for (let i = 0; i < levels.length; i++) {
    const [red, green, blue, alpha] = data.subarray(4 * i, 4 * i + 4);
    const luminance = 0.299 * red + 0.587 * green + 0.114 * blue;
    levels[i] = 255 + (luminance - 255) * (alpha / 255);
  }
  return { width, height, levels };
}
