/**
 * Real weights → whole ones with one scale a row, such that the sums of a layer change as little as can be:
 * columns are rounded one after the other, and what each error costs is made up for by the columns that
 * follow, as far as their inputs go together (GPTQ: Frantar et al. 2022, arXiv:2210.17323, algorithm 1).
 */

import { choleskyOfInverse } from './linear-algebra.ts';

/** A layer's weights as whole numbers: row r stands for `weight · scale[r]`. */
export interface RoundedWeights {
  /** (outputs, inputs), −limit … limit */
  readonly weight: Int8Array;
  /** (outputs) */
  readonly scale: Float32Array;
}

/** Added to the diagonal, as a share of its mean, so that rare inputs do not make up for much. */
const DAMPING = 0.01;
/** The shares of a row's largest weight that are tried as the largest that can be shown. */
const CLIPPINGS = Array.from({ length: 41 }, (_, i) => 1 - i / 60);

/**
 * @param weight (outputs, inputs)
 * @param covariance of the layer's inputs, (inputs, inputs); a weight whose input never varies becomes 0
 */
export function roundWeights(
  weight: Float32Array,
  covariance: Float64Array,
  limit: number,
): RoundedWeights {
  const inputs = Math.sqrt(covariance.length);
  const outputs = weight.length / inputs;
  const variance = Float64Array.from({ length: inputs }, (_, i) => covariance[i * (inputs + 1)]);
  const order = Uint32Array.from(variance.keys()).toSorted((a, b) => variance[b] - variance[a]);
  const factor = choleskyOfInverse(damped(covariance, variance, order), inputs);

  const rounded = new Int8Array(weight.length);
  const scale = new Float32Array(outputs);
  for (let o = 0; o < outputs; o++) {
    const row = Float64Array.from(order, (i) => (variance[i] === 0 ? 0 : weight[o * inputs + i]));
    const varianceInOrder = Float64Array.from(order, (i) => variance[i]);
    scale[o] = scaleOf(row, varianceInOrder, limit);
    for (let j = 0; j < inputs; j++) {
      const whole = nearest(row[j], scale[o], limit);
      rounded[o * inputs + order[j]] = whole;
      const error = (row[j] - whole * scale[o]) / factor[j * inputs + j];
      if (error === 0) continue;
      for (let k = j + 1, at = j * inputs + k; k < inputs; k++, at++) row[k] -= error * factor[at];
    }
    for (const [i, x] of variance.entries()) if (x === 0) rounded[o * inputs + i] = 0;
  }
  return { weight: rounded, scale };
}

/** The covariance with its rows and columns in this order, and something on the diagonal. */
function damped(
  covariance: Float64Array,
  variance: Float64Array,
  order: Uint32Array,
): Float64Array {
  const size = order.length;
  const mean = variance.reduce((sum, x) => sum + x, 0) / size;
  const matrix = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) matrix[i * size + j] = covariance[order[i] * size + order[j]];
    matrix[i * (size + 1)] += DAMPING * mean || 1;
  }
  return matrix;
}

/** The scale of least squared error of a row's sum, were its inputs independent. */
function scaleOf(row: Float64Array, variance: Float64Array, limit: number): number {
  const largest = row.reduce((max, w) => Math.max(max, Math.abs(w)), 0);
  // A row of zeros is all zeros at any scale.
  if (largest === 0) return 1;
  let best = 0;
  let minError = Number.POSITIVE_INFINITY;
  for (const clipping of CLIPPINGS) {
    const scale = Math.fround((largest * clipping) / limit);
    let error = 0;
    for (let i = 0; i < row.length; i++) {
      error += variance[i] * (row[i] - scale * nearest(row[i], scale, limit)) ** 2;
    }
    if (error < minError) [minError, best] = [error, scale];
  }
  return best;
}

function nearest(weight: number, scale: number, limit: number): number {
  return Math.max(-limit, Math.min(Math.round(weight / scale), limit));
}
