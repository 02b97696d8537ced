/** Everything that writes files, each of which a decoder that others wrote has to read as what it was. */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { decode } from 'fast-png';
import { GifReader } from 'omggif';

import { encodeGif } from '../../../src/encoders/gif/gif.ts';
import { encodeIco } from '../../../src/encoders/ico.ts';
import { encodeApng } from '../../../src/encoders/png/apng.ts';
import { encodePng } from '../../../src/encoders/png/png.ts';
import { encodeSvg } from '../../../src/encoders/svg/svg.ts';
import { encodeAnsi } from '../../../src/encoders/text.ts';
import { type Cell, showInTerminal } from '../../../test/foreign/terminal.ts';
import { play } from '../../../test/src/encoders/play.ts';
import { arrays } from './arrays.ts';
import { coloursOf, premultiplied } from './decoded.ts';
import { exported } from './exports.ts';
import { requireSeen, seen, tasks } from './pictures.ts';
import { requireSame, type Subject, subject } from './subject.ts';

/** An SVG has 32 levels, so that a grey level is up to 4 of 255 off; colours and opacities are rounded once more. */
const SVG_OFF = 6;

/** To be called once, before the subjects are tried. */
export async function startDecoders(): Promise<void> {
  const { resolve } = createRequire(import.meta.url);
  await initWasm(readFileSync(resolve('@resvg/resvg-wasm/index_bg.wasm')));
}

export function writers(): Subject[] {
  return [
    subject('PNG', tasks({ minLength: 1, maxLength: 1 }), ({ images: [image], options }) => {
      requireSeen('fast-png', coloursOf(decode(encodePng(image, options))), seen(image, options));
    }),
    subject('APNG', tasks({ minLength: 1, maxLength: 4 }), ({ images, options }) => {
      const frames = images.map((image, i) => ({ image, delayMs: 40 * i }));
      const { samples, apng } = play(encodeApng(frames, options));
      for (const [i, data] of samples.entries()) {
        requireSeen(`frame ${i}`, coloursOf({ ...apng, data }), seen(images[i], options));
      }
      if (samples.length !== images.length) throw new Error(`found ${samples.length} frames`);
    }),
    subject('GIF', tasks({ minLength: 1, maxLength: 4 }), ({ images, options }) => {
      const gif = new GifReader(
        encodeGif(
          images.map((image) => ({ image, delayMs: 40 })),
          options,
        ),
      );
      const screen = new Uint8Array(gif.width * gif.height * 4);
      if (gif.numFrames() !== images.length) throw new Error(`found ${gif.numFrames()} frames`);
      for (const [i, image] of images.entries()) {
        gif.decodeAndBlitFrameRGBA(i, screen);
        requireSeen(`frame ${i}`, screen, seen(image, { ...options, transparent: false }));
      }
    }),
    subject('SVG', tasks({ minLength: 1, maxLength: 1 }), ({ images: [image], options }) => {
      const resvg = new Resvg(encodeSvg(image, options));
      const rendered = resvg.render();
      requireSeen('resvg', rendered.pixels, premultiplied(seen(image, options)), SVG_OFF);
      rendered.free();
      resvg.free();
    }),
    subject('ICO', tasks({ minLength: 1, maxLength: 1 }), ({ images: [{ pixels, ...size }] }) => {
      const png = encodePng({ pixels, ...size });
      const ico = Buffer.from(encodeIco(png, size));
      const [width, height, bytes, offset] = [
        ico[6],
        ico[7],
        ico.readUInt32LE(14),
        ico.readUInt32LE(18),
      ];
      const found = decode(ico.subarray(offset, offset + bytes));
      requireSame('fast-png', Uint8Array.from(found.data), pixels);
      if (width !== size.width || height !== size.height) throw new Error(`${width} × ${height}`);
    }),
    subject('text', tasks({ minLength: 1, maxLength: 1 }), async ({ images: [image], options }) => {
      const { width, height } = image;
      const text = encodeAnsi(image, options.colours);
      // One line more: the cursor ends below.
      const lines = await showInTerminal(text, {
        columns: width,
        lines: Math.ceil(height / 2) + 1,
      });
      const rows = lines.slice(0, -1).flatMap((line) => [line.map(upperOf), line.map(lowerOf)]);
      const found = Uint8Array.from(rows.slice(0, height).flat(2));
      const plain = options.colours && { colours: options.colours };
      requireSeen('xterm.js', found, seen(image, plain ?? {}));
    }),
    ...arrays(),
    ...exported(),
  ];
}

/** Red, green, blue and opacity of the upper half of a terminal's cell. */
function upperOf({ text, foreground, background }: Cell): number[] {
  return channelsOf(text === '▀' ? foreground : background);
}

function lowerOf({ background }: Cell): number[] {
  return channelsOf(background);
}

/** Of 0xRRGGBB. */
function channelsOf(colour = 0): number[] {
  return [colour >> 16, (colour >> 8) & 255, colour & 255, 255];
}
