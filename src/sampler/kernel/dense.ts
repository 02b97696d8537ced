/**
 * Dense layers of 7-bit weights and unsigned 7-bit activations, for one digit or for two at once: each
 * weight is read once for both, and reading them is what takes the time.
 *
 * Built twice. With relaxed SIMD, `relaxed_dot_i8x16_i7x16_s` multiplies 16 pairs and adds neighbours; its
 * result is the same on every engine while the activations' top bit is 0 and no sum leaves 16 bits
 * (https://webassembly.github.io/spec/core/exec/numerics.html#relaxed-operations), which abi.ts sees to.
 * Without, the same whole numbers come from widening first.
 *
 * Weights lie in the order in which they are read: blocks of 4 rows × 32 inputs.
 */

import { BLOCK_ROWS, INPUTS_AT_A_TIME, ROWS_AT_A_TIME } from './abi';
import { storeOutputs } from './outputs';

const BLOCK_BYTES: usize = BLOCK_ROWS * INPUTS_AT_A_TIME;

/**
 * A layer before its activation: (weights · input + biases) · multipliers.
 *
 * @param input uint8 × inputs, each at most 127
 * @param inputs a multiple of 32
 * @param weights int8 × rows · inputs, each within ±63, in blocks of 4 rows × 32 inputs
 * @param biases int32 × rows
 * @param multipliers float32 × rows
 * @param rows a multiple of 8
 * @param output float32 × rows
 */
export function dense(
  input: usize,
  inputs: usize,
  weights: usize,
  biases: usize,
  multipliers: usize,
  rows: usize,
  output: usize,
): void {
  const ones = i16x8.splat(1);
  const end = input + inputs;
  for (let row: usize = 0; row < rows; row += ROWS_AT_A_TIME) {
    let sum0 = i32x4.splat(0);
    let sum1 = i32x4.splat(0);
    let sum2 = i32x4.splat(0);
    let sum3 = i32x4.splat(0);
    let sum4 = i32x4.splat(0);
    let sum5 = i32x4.splat(0);
    let sum6 = i32x4.splat(0);
    let sum7 = i32x4.splat(0);
    let upper = weights + row * inputs;
    let lower = upper + <usize>BLOCK_ROWS * inputs;
    for (let x = input; x < end; x += INPUTS_AT_A_TIME) {
      const x0 = v128.load(x);
      const x1 = v128.load(x, 16);
      sum0 = addProducts(sum0, v128.load(upper, 0), v128.load(upper, 16), x0, x1, ones);
      sum1 = addProducts(sum1, v128.load(upper, 32), v128.load(upper, 48), x0, x1, ones);
      sum2 = addProducts(sum2, v128.load(upper, 64), v128.load(upper, 80), x0, x1, ones);
      sum3 = addProducts(sum3, v128.load(upper, 96), v128.load(upper, 112), x0, x1, ones);
      sum4 = addProducts(sum4, v128.load(lower, 0), v128.load(lower, 16), x0, x1, ones);
      sum5 = addProducts(sum5, v128.load(lower, 32), v128.load(lower, 48), x0, x1, ones);
      sum6 = addProducts(sum6, v128.load(lower, 64), v128.load(lower, 80), x0, x1, ones);
      sum7 = addProducts(sum7, v128.load(lower, 96), v128.load(lower, 112), x0, x1, ones);
      upper += BLOCK_BYTES;
      lower += BLOCK_BYTES;
    }
    const at = row * 4;
    storeOutputs(sum0, sum1, sum2, sum3, biases + at, multipliers + at, output + at);
    storeOutputs(sum4, sum5, sum6, sum7, biases + at + 16, multipliers + at + 16, output + at + 16);
  }
}

/**
 * The same layer for two digits.
 *
 * @param input of the first digit; @param other of the second
 * @param output of the first digit; @param otherOutput of the second
 */
export function densePair(
  input: usize,
  other: usize,
  inputs: usize,
  weights: usize,
  biases: usize,
  multipliers: usize,
  rows: usize,
  output: usize,
  otherOutput: usize,
): void {
  const ones = i16x8.splat(1);
  const end = input + inputs;
  for (let row: usize = 0; row < rows; row += BLOCK_ROWS) {
    let sum0 = i32x4.splat(0);
    let sum1 = i32x4.splat(0);
    let sum2 = i32x4.splat(0);
    let sum3 = i32x4.splat(0);
    let other0 = i32x4.splat(0);
    let other1 = i32x4.splat(0);
    let other2 = i32x4.splat(0);
    let other3 = i32x4.splat(0);
    let y = other;
    for (let x = input; x < end; x += INPUTS_AT_A_TIME) {
      const x0 = v128.load(x);
      const x1 = v128.load(x, 16);
      const y0 = v128.load(y);
      const y1 = v128.load(y, 16);
      let w0 = v128.load(weights, 0);
      let w1 = v128.load(weights, 16);
      sum0 = addProducts(sum0, w0, w1, x0, x1, ones);
      other0 = addProducts(other0, w0, w1, y0, y1, ones);
      w0 = v128.load(weights, 32);
      w1 = v128.load(weights, 48);
      sum1 = addProducts(sum1, w0, w1, x0, x1, ones);
      other1 = addProducts(other1, w0, w1, y0, y1, ones);
      w0 = v128.load(weights, 64);
      w1 = v128.load(weights, 80);
      sum2 = addProducts(sum2, w0, w1, x0, x1, ones);
      other2 = addProducts(other2, w0, w1, y0, y1, ones);
      w0 = v128.load(weights, 96);
      w1 = v128.load(weights, 112);
      sum3 = addProducts(sum3, w0, w1, x0, x1, ones);
      other3 = addProducts(other3, w0, w1, y0, y1, ones);
      y += INPUTS_AT_A_TIME;
      weights += BLOCK_BYTES;
    }
    const at = row * 4;
    storeOutputs(sum0, sum1, sum2, sum3, biases + at, multipliers + at, output + at);
    storeOutputs(other0, other1, other2, other3, biases + at, multipliers + at, otherOutput + at);
  }
}

/** Adds 32 products of weights w0, w1 and activations x0, x1 to the four lanes of a sum, which lane does not matter. */
function addProducts(sum: v128, w0: v128, w1: v128, x0: v128, x1: v128, ones: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) {
    const products = i16x8.add(
      i16x8.relaxed_dot_i8x16_i7x16_s(w0, x0),
      i16x8.relaxed_dot_i8x16_i7x16_s(w1, x1),
    );
    return i32x4.add(sum, i32x4.dot_i16x8_s(products, ones));
  }
  return i32x4.add(i32x4.add(sum, widenedProducts(w0, x0)), widenedProducts(w1, x1));
}

function widenedProducts(w: v128, x: v128): v128 {
  return i32x4.add(
    i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(w), i16x8.extend_low_i8x16_u(x)),
    i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(w), i16x8.extend_high_i8x16_u(x)),
  );
}
