/** Pictures of every kind, what is asked of encoders, and what a decoder has to see then. */

import * as fc from 'fast-check';

import { colourOf, type Colours, type PictureOptions } from '../../../src/encoders/colours.ts';
import { type Image, magnify } from '../../../src/encoders/pixels.ts';

/** Few levels make long runs, many make noise. */
const levels = fc.oneof(
  fc.integer({ min: 0, max: 255 }),
  fc.constantFrom(0, 255),
  fc.constantFrom(0, 1, 127, 128, 254, 255),
);

/** All of one size. */
export function pictures(count: fc.ArrayConstraints): fc.Arbitrary<readonly Image[]> {
  const side = fc.integer({ min: 1, max: 24 });
  return fc.tuple(side, side).chain(([width, height]) => {
    const pixels = fc.array(levels, { minLength: width * height, maxLength: width * height });
    const image = pixels.map((each): Image => ({ width, height, pixels: Uint8Array.from(each) }));
    return fc.array(image, count);
  });
}

const channel = fc.integer({ min: 0, max: 255 });
const colour = fc.tuple(channel, channel, channel);
const looks: fc.Arbitrary<Required<PictureOptions>> = fc.record({
  scale: fc.integer({ min: 1, max: 4 }),
  colours: fc.record({ foreground: colour, background: colour }),
  transparent: fc.boolean(),
});

export interface Task {
  readonly images: readonly Image[];
  readonly options: PictureOptions & { readonly colours?: Colours };
}

/** With colours or without any. */
export function tasks(count: fc.ArrayConstraints): fc.Arbitrary<Task> {
  const options = fc.oneof(
    looks,
    looks.map(({ scale }) => ({ scale })),
  );
  return fc.record({ images: pictures(count), options });
}

const WHITE_ON_BLACK: Colours = { foreground: [255, 255, 255], background: [0, 0, 0] };

/** Red, green, blue and opacity of each pixel. */
export function seen(
  image: Image,
  { scale = 1, colours, transparent }: PictureOptions,
): Uint8Array {
  const { pixels } = magnify(image, scale);
  const painted = new Uint8Array(pixels.length * 4);
  const { foreground } = colours ?? WHITE_ON_BLACK;
  for (const [i, level] of pixels.entries()) {
    const [red, green, blue] = transparent
      ? foreground
      : colourOf(level, colours ?? WHITE_ON_BLACK);
    painted.set([red, green, blue, transparent ? level : 255], 4 * i);
  }
  return painted;
}

/** At most this far off, and without regard to the colours of what is not there. */
export function requireSeen(what: string, found: Uint8Array, expected: Uint8Array, off = 0): void {
  if (found.length !== expected.length) {
    throw new Error(`${what}: found ${found.length / 4} pixels, expected ${expected.length / 4}`);
  }
  for (let i = 0; i < expected.length; i++) {
    const isInvisible = expected[i | 3] === 0 && found[i | 3] === 0;
    if (isInvisible || Math.abs(found[i] - expected[i]) <= off) continue;
    throw new Error(`${what}: found ${found[i]} at ${i}, expected ${expected[i]}`);
  }
}
