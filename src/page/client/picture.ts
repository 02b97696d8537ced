/** A model's picture on a canvas, and in words. */

import { areNamed, DIGIT, type Motif, nounOf, type Size } from '../../digit.ts';

/** Ink is black, paper transparent; in dark mode, page.css inverts both. */
export function paint(
  canvas: HTMLCanvasElement,
  pixels: Uint8Array,
  { width, height }: Size,
): void {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const image = new ImageData(width, height);
  for (let i = 0; i < pixels.length; i++) image.data[4 * i + 3] = pixels[i];
  canvas.getContext('2d')?.putImageData(image, 0, 0);
}

/**
 * A picture of a class: "a 7", "an 8"; of other things than digits "class 7", or the class's name in quotes.
 * @param label the place of the class; undefined where there are none
 */
export function named(label: number | undefined, motif: Motif): string {
  if (label === undefined) return `a ${nounOf(motif)}`;
  const { title, classes } = motif;
  const { number, name } = classes[label];
  if (areNamed(classes)) return `“${name}”`;
  if (title !== DIGIT) return `class ${number}`;
  return `${/^(?:8|11$|18$)/.test(name) ? 'an' : 'a'} ${number}`;
}

/** The same for screen readers: "a 7, handwritten". */
export function described(label: number | undefined, motif: Motif): string {
  return motif.title === DIGIT ? `${named(label, motif)}, handwritten` : named(label, motif);
}

/** "99.87 %" */
export function percent(confidence: number): string {
  return `${(confidence * 100).toFixed(2)} %`;
}
