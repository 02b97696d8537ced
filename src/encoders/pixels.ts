/**
 * Grey pictures as plain pixels: put in a grid, magnified, and cut to what changes from one frame of an
 * animation to the next. Not here: colours and file formats.
 */

export interface Image {
  readonly width: number;
  readonly height: number;
  /** Grey levels 0 … 255, row by row: (height, width). */
  readonly pixels: Uint8Array;
}

/** One picture of an animation. */
export interface Frame {
  readonly image: Image;
  /** How long it is shown, 0 … 65535. GIF rounds to 10 ms, and browsers take less than 20 ms for 100. */
  readonly delayMs: number;
}

/**
 * Pictures of one size in rows, without gaps; what is left of the last row is 0.
 *
 * @param images at least one
 * @param columns at least 1; with fewer images the grid is as wide as they are
 */
export function grid(images: readonly Image[], columns: number): Image {
  const [{ width: cellWidth, height: cellHeight }] = images;
  const across = Math.min(columns, images.length);
  const width = across * cellWidth;
  const height = Math.ceil(images.length / across) * cellHeight;
  const pixels = new Uint8Array(width * height);
  for (const [index, image] of images.entries()) {
    const left = (index % across) * cellWidth;
    const top = Math.floor(index / across) * cellHeight;
    for (let y = 0; y < cellHeight; y++) {
      const row = image.pixels.subarray(y * cellWidth, (y + 1) * cellWidth);
      pixels.set(row, (top + y) * width + left);
    }
  }
  return { width, height, pixels };
}

/**
 * The image with a square of `scale` × `scale` pixels for each of its own.
 * @param scale a whole number, at least 1
 */
export function magnify(image: Image, scale: number): Image {
  if (scale === 1) return image;
  const width = image.width * scale;
  const height = image.height * scale;
  const pixels = new Uint8Array(width * height);
  for (let y = 0; y < image.height; y++) {
    const top = y * scale * width;
    for (let x = 0; x < image.width; x++) {
      pixels.fill(image.pixels[y * image.width + x], top + x * scale, top + (x + 1) * scale);
    }
    for (let copy = 1; copy < scale; copy++) {
      pixels.copyWithin(top + copy * width, top, top + width);
    }
  }
  return { width, height, pixels };
}

/** A part of an image, in pixels. */
export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * The smallest rectangle that holds all that differs between two frames: one pixel if nothing does, the
 * whole frame if there is none before it.
 */
export function changedArea(
  before: Image | undefined,
  { width, height, pixels }: Image,
): Rectangle {
  if (before === undefined) return { left: 0, top: 0, width, height };
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (pixels[y * width + x] === before.pixels[y * width + x]) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = y;
    }
  }
  if (right < 0) return { left: 0, top: 0, width: 1, height: 1 };
  return { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/** The part of an image within a rectangle. */
export function crop(image: Image, { left, top, width, height }: Rectangle): Image {
  const pixels = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const start = (top + y) * image.width + left;
    pixels.set(image.pixels.subarray(start, start + width), y * width);
  }
  return { width, height, pixels };
}
