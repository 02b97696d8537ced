/**
 * GIF encoder for grey pictures drawn in two colours, still or moving. Sections are those of
 * https://www.w3.org/Graphics/GIF/spec-gif89a.txt.
 *
 * Not here: transparency, interlacing, a colour table of each frame's own.
 */

import { ascii, concatenate } from '../bytes.ts';
import { paletteOf, WHITE_ON_BLACK, type PictureOptions } from '../colours.ts';
import { changedArea, crop, magnify, type Frame, type Rectangle } from '../pixels.ts';
import { compressLzw } from './lzw.ts';

const COLOUR_BITS = 8;
/** § 15 */
const MAX_BLOCK_BYTES = 255;
/** § 23: delays are in hundredths of a second, 16 bits of them. */
const DELAY_UNIT_MS = 10;
const MAX_DELAY = 0xffff;

/**
 * The bytes of a GIF file that shows the frames over and over.
 * @param frames at least one, all of one size, at most 65535 pixels wide and high when magnified
 */
export function encodeGif(
  frames: readonly Frame[],
  { scale = 1, colours = WHITE_ON_BLACK }: PictureOptions = {},
): Uint8Array {
  const width = frames[0].image.width * scale;
  const height = frames[0].image.height * scale;
  return concatenate([
    ascii('GIF89a'),
    // § 18: a global table of 2⁸ colours, background colour 0, no aspect ratio.
    Uint8Array.of(...uint16(width), ...uint16(height), 0x80 | (COLOUR_BITS - 1), 0, 0),
    paletteOf(colours),
    // § 26, with Netscape's extension: sub-block 1 says how often to repeat, 0 for ever.
    Uint8Array.of(0x21, 0xff, 11),
    ascii('NETSCAPE2.0'),
    Uint8Array.of(3, 1, 0, 0, 0),
    ...frames.flatMap(({ image, delayMs }, index) => {
      const area = changedArea(frames[index - 1]?.image, image);
      const delay = Math.min(Math.round(delayMs / DELAY_UNIT_MS), MAX_DELAY);
      return [
        // § 23: the frame stays until the next one is drawn over it.
        Uint8Array.of(0x21, 0xf9, 4, 1 << 2, ...uint16(delay), 0, 0),
        // § 20: the place of what changes, the global table's colours, not interlaced.
        Uint8Array.of(0x2c, ...placeOf(area, scale), 0),
        // § 22: the image data, after the number of bits of a pixel.
        Uint8Array.of(COLOUR_BITS),
        dataBlocks(compressLzw(magnify(crop(image, area), scale).pixels)),
      ];
    }),
    // § 27: the end.
    Uint8Array.of(0x3b),
  ]);
}

/** Left, top, width and height. */
function placeOf({ left, top, width, height }: Rectangle, scale: number): number[] {
  return [left, top, width, height].flatMap((size) => uint16(size * scale));
}

/** § 15: blocks that each begin with their length, ended by an empty one. */
function dataBlocks(data: Uint8Array): Uint8Array {
  const blocks = new Uint8Array(data.length + Math.ceil(data.length / MAX_BLOCK_BYTES) + 1);
  let size = 0;
  for (let start = 0; start < data.length; start += MAX_BLOCK_BYTES) {
    const block = data.subarray(start, start + MAX_BLOCK_BYTES);
    blocks[size] = block.length;
    blocks.set(block, size + 1);
    size += 1 + block.length;
  }
  return blocks;
}

/** Little-endian. */
const uint16 = (value: number): [number, number] => [value & 0xff, value >>> 8];
