/** Fits pictures of any size into squares: as large as they go in whole, in the middle, on their own paper. */

/** (height, width), 0…255 */
export interface GreyPicture {
  readonly width: number;
  readonly height: number;
  readonly levels: Float64Array;
}

/**
 * The picture in a square; each pixel is the mean of what it covers.
 * @returns (side, side), rounded
 */
export function fitted(picture: GreyPicture, side: number): Uint8Array {
  const { width, height } = picture;
  const longer = Math.max(width, height);
  const [w, h] = [width, height].map((size) => Math.max(1, Math.round((size * side) / longer)));
  const rows = resampled(picture.levels, { count: height, from: width, to: w });
  const columns = resampled(transposed(rows, height, w), { count: w, from: height, to: h });
  const square = new Uint8Array(side * side).fill(Math.round(paperOf(picture)));
  const [left, top] = [(side - w) >> 1, (side - h) >> 1];
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      square[(top + y) * side + left + x] = Math.round(columns[x * h + y]);
    }
  }
  return square;
}

/** The median of a picture's outermost pixels. */
function paperOf({ width, height, levels }: GreyPicture): number {
  const border: number[] = [];
  for (let x = 0; x < width; x++) border.push(levels[x], levels[(height - 1) * width + x]);
  for (let y = 0; y < height; y++) border.push(levels[y * width], levels[(y + 1) * width - 1]);
  return border.toSorted((a, b) => a - b)[border.length >> 1];
}

/** Rows of one length in another: each number is the mean over the part of the row that it covers. */
function resampled(
  levels: Float64Array,
  { count, from, to }: { readonly count: number; readonly from: number; readonly to: number },
): Float64Array {
  const result = new Float64Array(count * to);
  const step = from / to;
  for (let i = 0; i < to; i++) {
    const [start, end] = [i * step, (i + 1) * step];
    const last = Math.min(Math.ceil(end), from);
    for (let j = Math.floor(start); j < last; j++) {
      const share = (Math.min(end, j + 1) - Math.max(start, j)) / step;
      for (let row = 0; row < count; row++) {
        result[row * to + i] += share * levels[row * from + j];
      }
    }
  }
  return result;
}

/** (height, width) → (width, height) */
function transposed(levels: Float64Array, height: number, width: number): Float64Array {
  const result = new Float64Array(levels.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) result[x * height + y] = levels[y * width + x];
  }
  return result;
}
