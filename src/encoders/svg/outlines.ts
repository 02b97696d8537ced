/**
 * Nested regions of pixels → their outlines as path data. Not here: colours, the document around the
 * paths, regions that are not nested.
 */

import { PathWriter } from './path.ts';

/** Directions are numbers: right, down, left and up are 0 … 3. */
const RIGHT = 0;

/** Region r, counted from 1, is all pixels whose height is at least r. */
export class Outlines {
  /** From a pixel to the one below it in #heights. */
  readonly #stride: number;
  /**
   * With a margin of 0 all around; the margin left of a row is also the one right of the row above. A
   * corner between pixels has the index of the pixel below it and to its right.
   */
  readonly #heights: Uint8Array;
  /** By region: the corners at which its outlines go to the right. */
  readonly #starts: readonly number[][];
  /** By corner: the regions whose edge to the right is in no outline yet; bit r − 1 is region r. */
  readonly #pending: Int32Array;

  /**
   * @param heights 0 … regions, row by row, width · height of them
   * @param regions at most 31, so that there is a bit for each
   */
  constructor(heights: Uint8Array, width: number, height: number, regions: number) {
    const stride = width + 1;
    const padded = new Uint8Array(stride * (height + 2) + 1);
    for (let y = 0; y < height; y++) {
      padded.set(heights.subarray(y * width, (y + 1) * width), (y + 1) * stride + 1);
    }
    const starts = Array.from({ length: regions + 1 }, (): number[] => []);
    const pending = new Int32Array(padded.length);
    for (let corner = stride; corner < padded.length; corner++) {
      const above = padded[corner - stride];
      const below = padded[corner];
      if (below <= above) continue;
      pending[corner] = 2 ** below - 2 ** above;
      for (let region = above + 1; region <= below; region++) starts[region].push(corner);
    }
    this.#stride = stride;
    this.#heights = padded;
    this.#starts = starts;
    this.#pending = pending;
  }

  /**
   * All outlines of a region as path data, '' if it has no pixel; call it once a region. The region is
   * to the right of each outline, so that the fill rules nonzero and evenodd agree.
   */
  pathOf(region: number): string {
    const starts = this.#starts[region];
    const path = new PathWriter();
    const bit = 1 << (region - 1);
    for (const corner of starts) {
      if ((this.#pending[corner] & bit) !== 0) this.#trace(path, corner, region);
    }
    return path.toString();
  }

  /** Pixels that touch only at a corner share an outline, which is shorter than two. */
  #trace(path: PathWriter, start: number, region: number): void {
    const stride = this.#stride;
    const heights = this.#heights;
    const pending = this.#pending;
    const otherRegions = ~(1 << (region - 1));
    // By direction: the step from corner to corner, and the pixels on both sides of the step after it.
    const steps = [1, stride, -1, -stride];
    const onTheLeft = [-stride, 0, -1, -stride - 1];
    const onTheRight = [0, -1, -stride - 1, -stride];

    path.move((start % stride) - 1, Math.floor(start / stride) - 1);
    let corner = start;
    let direction = RIGHT;
    for (;;) {
      const step = steps[direction];
      const left = onTheLeft[direction];
      const right = onTheRight[direction];
      let length = 0;
      do {
        if (direction === RIGHT) pending[corner] &= otherRegions;
        corner += step;
        length++;
      } while (heights[corner + left] < region && heights[corner + right] >= region);
      // To the left if the region goes on there, else to the right.
      const next = (direction + (heights[corner + left] >= region ? 3 : 1)) % 4;
      if (corner === start && next === RIGHT) break;
      path.line(direction, length);
      direction = next;
    }
    path.close();
  }
}
