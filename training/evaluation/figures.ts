/** The figures that say how good pictures are, in the features of the feature network (network.ts). */

import type { Size } from '../../src/digit.ts';
import { CONFIDENCE_THRESHOLD } from '../../src/sampler/sampler.ts';
import { type Moments, momentsOf } from '../quantization/linear-algebra.ts';
import { frechetDistance } from './frechet.ts';
import type { Assessment } from './network.ts';
import { type Manifold, manifoldOf, precisionAndRecall } from './precision-recall.ts';
import { FEATURES } from './recipe.ts';

/** Pictures of one size. */
export interface Pictures extends Size {
  /** Grey levels, (count, height, width). */
  readonly pixels: Uint8Array;
  /** The class that each picture should be of, if there is one. */
  readonly labels: Uint8Array | undefined;
}

/** What pictures are compared with: all real ones for the distance, as many as the generated ones for the rest. */
export interface Target {
  readonly moments: Moments;
  readonly manifold: Manifold;
}

export interface Figures {
  /** Fréchet distance to the real pictures: 0 is the same distribution. */
  readonly frechet: number;
  /** Kynkäänniemi et al. 2019, from at most {@link MAX_POINTS} pictures of each kind. */
  readonly precision: number;
  readonly recall: number;
  /** The share of pictures to whose most likely class the network gives at least CONFIDENCE_THRESHOLD. */
  readonly confident: number;
  /** The share of pictures that are of the class they should be of; null if they have none. */
  readonly agreement: number | null;
  /** The mean grey level of the outermost two rows and columns: specks are most of it. */
  readonly edgeInk: number;
  /** Pictures by their most likely class. */
  readonly labelHistogram: readonly number[];
}

/** Precision and recall compare every picture with every other one, which takes a second or two for this many. */
export const MAX_POINTS = 10_000;

/** @param classes that the network knows */
export function figuresOf(
  pictures: Pictures,
  assessed: Assessment,
  { moments, manifold }: Target,
  classes: number,
): Figures {
  const { labels } = pictures;
  const labelHistogram = Array.from({ length: classes }, () => 0);
  let [confident, agreeing] = [0, 0];
  for (const [i, label] of assessed.labels.entries()) {
    labelHistogram[label]++;
    if (assessed.confidences[i] >= CONFIDENCE_THRESHOLD) confident++;
    if (labels?.[i] === label) agreeing++;
  }
  const count = assessed.labels.length;
  return {
    frechet: frechetDistance(moments, momentsOf(assessed.features, FEATURES)),
    ...precisionAndRecall(manifold, manifoldOfFirst(assessed.features, manifold.radii.length)),
    confident: confident / count,
    agreement: labels === undefined ? null : agreeing / count,
    edgeInk: edgeInkOf(pictures),
    labelHistogram,
  };
}

/** The manifold of the first `count` pictures, or of the first {@link MAX_POINTS}. */
export function manifoldOfFirst(features: Float32Array, count: number): Manifold {
  return manifoldOf(features.subarray(0, Math.min(count, MAX_POINTS) * FEATURES), FEATURES);
}

/** The outermost rows and columns that count as the edge. */
const EDGE_PIXELS = 2;

function edgeInkOf({ pixels, width, height }: Pictures): number {
  const edge = edgeOf({ width, height });
  const imageSize = width * height;
  let sum = 0;
  for (let start = 0; start < pixels.length; start += imageSize) {
    for (const at of edge) sum += pixels[start + at];
  }
  return sum / ((pixels.length / imageSize) * edge.length);
}

/** Where the edge of a picture is. */
function edgeOf({ width, height }: Size): number[] {
  return Array.from({ length: width * height }, (_, at) => at).filter(
    (at) => isEdge(Math.floor(at / width), height) || isEdge(at % width, width),
  );
}

function isEdge(at: number, side: number): boolean {
  return at < EDGE_PIXELS || at >= side - EDGE_PIXELS;
}
