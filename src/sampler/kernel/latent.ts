/**
 * The first layer of a generator: int8 weights and latents of 16 bits, so that walks and sliders stay
 * smooth. It is a fiftieth of the work.
 */

import { BLOCK_ROWS, INPUTS_AT_A_TIME } from './abi';
import { storeOutputs } from './outputs';

const BLOCK_BYTES: usize = BLOCK_ROWS * INPUTS_AT_A_TIME;

/**
 * A layer before its activation: (weights · input + biases) · multipliers. No sum overflows, because
 * weights and the latent's limit are checked when the Worker is built.
 *
 * @param input int16 × inputs
 * @param inputs a multiple of 32
 * @param weights int8 × rows · inputs, in blocks of 4 rows × 32 inputs
 * @param biases int32 × rows
 * @param multipliers float32 × rows
 * @param rows a multiple of 4
 * @param output float32 × rows
 */
export function denseOfLatent(
  input: usize,
  inputs: usize,
  weights: usize,
  biases: usize,
  multipliers: usize,
  rows: usize,
  output: usize,
): void {
  const end = input + inputs * 2;
  for (let row: usize = 0; row < rows; row += BLOCK_ROWS) {
    let sum0 = i32x4.splat(0);
    let sum1 = i32x4.splat(0);
    let sum2 = i32x4.splat(0);
    let sum3 = i32x4.splat(0);
    for (let x = input; x < end; x += INPUTS_AT_A_TIME * 2) {
      const x0 = v128.load(x);
      const x1 = v128.load(x, 16);
      const x2 = v128.load(x, 32);
      const x3 = v128.load(x, 48);
      sum0 = addProducts(sum0, v128.load(weights, 0), x0, x1);
      sum0 = addProducts(sum0, v128.load(weights, 16), x2, x3);
      sum1 = addProducts(sum1, v128.load(weights, 32), x0, x1);
      sum1 = addProducts(sum1, v128.load(weights, 48), x2, x3);
      sum2 = addProducts(sum2, v128.load(weights, 64), x0, x1);
      sum2 = addProducts(sum2, v128.load(weights, 80), x2, x3);
      sum3 = addProducts(sum3, v128.load(weights, 96), x0, x1);
      sum3 = addProducts(sum3, v128.load(weights, 112), x2, x3);
      weights += BLOCK_BYTES;
    }
    const at = row * 4;
    storeOutputs(sum0, sum1, sum2, sum3, biases + at, multipliers + at, output + at);
  }
}

/**
 * Adds the products of 16 weights and their inputs to the four lanes of a sum, which lane does not matter. One after
 * the other: of two products added first, V8 of Node 26.10 aborts where it may join 128-bit operations, as it may in the
 * process of a training.
 */
function addProducts(sum: v128, weights: v128, low: v128, high: v128): v128 {
  sum = i32x4.add(sum, i32x4.dot_i16x8_s(low, i16x8.extend_low_i8x16_s(weights)));
  return i32x4.add(sum, i32x4.dot_i16x8_s(high, i16x8.extend_high_i8x16_s(weights)));
}
