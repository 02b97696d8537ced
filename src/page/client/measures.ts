/** A picture in a few numbers: how thick its strokes are, how far they lean, how wide and high they reach, where they lie. */

import type { Size } from '../../digit.ts';

/** In pixels, but for the slant, which is pixels to the right for each pixel up. */
export interface Measures {
  /** Twice the ink for the length of its outline. */
  readonly thickness: number;
  readonly slant: number;
  /** Standard deviations of the ink: across, once the slant is undone, and along. */
  readonly width: number;
  readonly height: number;
  /** The centre of the ink. */
  readonly right: number;
  readonly down: number;
}

/** @param pixels grey levels 0 … 255, row by row; 255 is ink */
export function measure(pixels: Uint8Array, { width, height }: Size): Measures {
  let [ink, outline, x1, y1, xx, xy, yy] = [0, 0, 0, 0, 0, 0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const level = pixels[at];
      outline += x + 1 < width ? Math.abs(level - pixels[at + 1]) : level;
      outline += y + 1 < height ? Math.abs(level - pixels[at + width]) : level;
      ink += level;
      x1 += level * x;
      y1 += level * y;
      xx += level * x * x;
      xy += level * x * y;
      yy += level * y * y;
    }
  }
  // A blank picture, or one line of ink, divides by nothing.
  const all = ink || 1;
  const [right, down] = [x1 / all, y1 / all];
  const across = xx / all - right * right;
  const both = xy / all - right * down;
  const along = yy / all - down * down || 1;
  return {
    thickness: (2 * ink) / (outline || 1),
    slant: -both / along,
    width: Math.sqrt(Math.max(0, across - (both * both) / along)),
    height: Math.sqrt(Math.max(0, along)),
    right,
    down,
  };
}
