/** A digit on a canvas, and in words. */

import { DIGIT_SIDE } from '../../digit.ts';

/** Ink is black, paper transparent; in dark mode, page.css inverts both. */
export function paint(canvas: HTMLCanvasElement, pixels: Uint8Array): void {
  if (canvas.width !== DIGIT_SIDE) canvas.width = canvas.height = DIGIT_SIDE;
  const image = new ImageData(DIGIT_SIDE, DIGIT_SIDE);
  for (let i = 0; i < pixels.length; i++) image.data[4 * i + 3] = pixels[i];
  canvas.getContext('2d')?.putImageData(image, 0, 0);
}

/** "a 7", "an 8" */
export function named(label: number): string {
  return `${label === 8 ? 'an' : 'a'} ${label}`;
}

/** "99.87 %" */
export function percent(confidence: number): string {
  return `${(confidence * 100).toFixed(2)} %`;
}
