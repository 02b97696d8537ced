/**
 * Logits → probabilities, in arithmetic that IEEE 754 fixes: what decides which digit is taken must
 * be the same on every engine, and Math.exp is not.
 */

/** Probabilities of the classes, in double precision: e^(lᵢ − max) over the sum of these. */
export function softmax(logits: Float32Array): Float64Array {
  const probabilities = new Float64Array(logits.length);
  let largest = logits[0];
  for (let i = 1; i < logits.length; i++) largest = Math.max(largest, logits[i]);
  let sum = 0;
  for (let i = 0; i < logits.length; i++) {
    probabilities[i] = exponential(logits[i] - largest);
    sum += probabilities[i];
  }
  for (let i = 0; i < logits.length; i++) probabilities[i] /= sum;
  return probabilities;
}

/** Below that a probability is taken for 0. */
const MIN_EXPONENT = -60;
const MAX_HALVINGS = 87;
const HALVES = Float64Array.from({ length: MAX_HALVINGS + 1 });
HALVES[0] = 1;
for (let k = 1; k <= MAX_HALVINGS; k++) HALVES[k] = HALVES[k - 1] / 2;

/** 1 / n! for n = 0 … 13 */
const TAYLOR = Float64Array.from({ length: 14 });
TAYLOR[0] = 1;
for (let n = 1; n < TAYLOR.length; n++) TAYLOR[n] = TAYLOR[n - 1] / n;

/**
 * e^x for x ≤ 0 to 1 part in 10¹⁴: 2⁻ᵏ · e^r with |r| ≤ ln 2 / 2, whose Taylor series goes to r¹³.
 * 0 for x < −60.
 */
export function exponential(x: number): number {
  if (!(x >= MIN_EXPONENT)) return 0;
  const halvings = Math.round(-x / Math.LN2);
  const r = x + halvings * Math.LN2;
  let sum = 0;
  for (let n = TAYLOR.length - 1; n >= 0; n--) sum = sum * r + TAYLOR[n];
  return sum * HALVES[halvings];
}
