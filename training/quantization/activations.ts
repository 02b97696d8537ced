/**
 * Real activations → 7 bits: of each channel the range that is worth showing, hence its unit and the whole
 * number that stands for 0.
 */

import { MAX_ACTIVATION } from '../../src/sampler/kernel/abi.ts';

/** Activation a of channel c is shown as the whole number nearest to a / unit[c] + zero[c], within 0 … 127. */
export interface ActivationUnits {
  /** (channels), above 0 */
  readonly unit: Float64Array;
  /** (channels), 0 … 127 */
  readonly zero: Int8Array;
}

/** The shares of the lowest and of the highest activation that are tried as ends of a range. */
const SHARES = Array.from({ length: 26 }, (_, i) => 1 - i / 50);

/** @param activations (count, channels), of typical inputs */
export function unitsOf(activations: Float32Array, channels: number): ActivationUnits {
  const count = activations.length / channels;
  const unit = new Float64Array(channels);
  const zero = new Int8Array(channels);
  const values = new Float64Array(count);
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < count; i++) values[i] = activations[i * channels + c];
    const { low, high } = rangeOf(values);
    unit[c] = high > low ? (high - low) / MAX_ACTIVATION : 1;
    zero[c] = Math.round(-low / unit[c]);
  }
  return { unit, zero };
}

/** The range, 0 included, of least squared error: of what lies outside, and of rounding what lies inside. */
function rangeOf(values: Float64Array): { readonly low: number; readonly high: number } {
  const highs = endsOf(values, 1);
  const lows = endsOf(values, -1);
  let best = { low: 0, high: 0 };
  let minError = Number.POSITIVE_INFINITY;
  for (const high of highs) {
    for (const low of lows) {
      const unit = (high.end + low.end) / MAX_ACTIVATION;
      const error = high.error + low.error + (values.length * unit * unit) / 12;
      if (error < minError) [minError, best] = [error, { low: -low.end, high: high.end }];
    }
  }
  return best;
}

/** Ends of a range in one direction, 1 or −1, as distances from 0, with the squared error of what lies beyond. */
function endsOf(
  values: Float64Array,
  direction: 1 | -1,
): { readonly end: number; readonly error: number }[] {
  const farthest = values.reduce((max, x) => Math.max(max, direction * x), 0);
  return SHARES.map((share) => {
    const end = farthest * share;
    let error = 0;
    for (let i = 0; i < values.length; i++) {
      const beyond = direction * values[i] - end;
      if (beyond > 0) error += beyond * beyond;
    }
    return { end, error };
  });
}
