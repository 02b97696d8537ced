/**
 * How much of what is generated looks real, and how much of what is real can be generated (Kynkäänniemi et al.
 * 2019, arXiv:1904.06991): each set's manifold is taken for the union of balls around its points, each as large as
 * the distance to the point's k-th nearest neighbour in its own set.
 */

import { forEachRow } from './distances.ts';

/** k: every set needs more points than that. */
export const NEIGHBOURS = 3;

export interface PrecisionRecall {
  /** The share of the generated points that lie in a ball of the real ones. */
  readonly precision: number;
  /** The share of the real points that lie in a ball of the generated ones. */
  readonly recall: number;
}

/** A set of points with the balls around them. */
export interface Manifold {
  /** (count, size) */
  readonly points: Float32Array;
  readonly size: number;
  /** (count), squared */
  readonly radii: Float32Array;
}

/** @param points (count, size), more than {@link NEIGHBOURS} */
export function manifoldOf(points: Float32Array, size: number): Manifold {
  const radii = new Float32Array(points.length / size);
  forEachRow(points, points, size, (row, distances) => {
    // A point is not its own neighbour.
    distances[row] = Number.POSITIVE_INFINITY;
    radii[row] = smallest(distances, NEIGHBOURS);
  });
  return { points, size, radii };
}

export function precisionAndRecall(real: Manifold, generated: Manifold): PrecisionRecall {
  return { precision: shareWithin(real, generated), recall: shareWithin(generated, real) };
}

/** The share of the points of `others` that lie in a ball of `manifold`. */
function shareWithin({ points, radii, size }: Manifold, others: Manifold): number {
  let within = 0;
  forEachRow(others.points, points, size, (_, distances) => {
    for (let i = 0; i < distances.length; i++) {
      if (distances[i] > radii[i]) continue;
      within++;
      return;
    }
  });
  return within / others.radii.length;
}

/** The `rank`-th smallest number, from 1. */
function smallest(numbers: Float32Array, rank: number): number {
  const best = new Float32Array(rank).fill(Number.POSITIVE_INFINITY);
  for (let i = 0; i < numbers.length; i++) {
    const x = numbers[i];
    if (x >= best[rank - 1]) continue;
    let at = rank - 1;
    for (; at > 0 && best[at - 1] > x; at--) best[at] = best[at - 1];
    best[at] = x;
  }
  return best[rank - 1];
}
