/**
 * AssemblyScript: dense layers of int8 weights and int16 activations in 128-bit SIMD.
 *
 * All sums are whole numbers in int32, which cannot overflow because network.ts has checked that;
 * what follows them are single float32 operations in a fixed order. So each result is the same to
 * the bit on every processor. No relaxed SIMD and no fused multiply-add, which would break that.
 *
 * Knows pointers, shapes and layout. Rows come eight at a time and inputs sixteen at a time: the
 * caller pads both with zeros. Weights lie in the order in which they are read, as one stream of
 * blocks of 8 rows × 16 inputs. Few wide loads, because the Workers runtime checks the bounds of
 * each: there, this takes 30 % less time than four rows in loads of 8 weights, and in Node about the same.
 */

import { ROWS_AT_A_TIME } from './abi';

/**
 * A layer before its activation: (weights · input + biases) · multipliers.
 *
 * @param input int16 × inputs
 * @param inputs a multiple of 16
 * @param weights int8 × rows · inputs, in blocks of 8 rows × 16 inputs, each row by row
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
  for (let row: usize = 0; row < rows; row += ROWS_AT_A_TIME) {
    const at = row * 4;
    eightRows(input, inputs, weights + row * inputs, biases + at, multipliers + at, output + at);
  }
}

/**
 * Leaky ReLU, then rounding (ties to even) and saturation: the next layer's input.
 *
 * @param values float32 × count
 * @param count a multiple of 4
 * @param limit outputs lie in −limit … limit
 * @param output int16 × count
 */
export function leakyRelu(
  values: usize,
  count: usize,
  slope: f32,
  limit: f32,
  output: usize,
): void {
  const slopes = f32x4.splat(slope);
  const highest = f32x4.splat(limit);
  const lowest = f32x4.splat(-limit);
  for (let i: usize = 0; i < count; i += 4) {
    let y = v128.load(values + i * 4);
    y = v128.bitselect(f32x4.mul(y, slopes), y, f32x4.lt(y, f32x4.splat(0)));
    y = f32x4.min(f32x4.max(f32x4.nearest(y), lowest), highest);
    const whole = i32x4.trunc_sat_f32x4_s(y);
    v128.store64_lane(output + i * 2, i16x8.narrow_i32x4_s(whole, whole), 0);
  }
}

/**
 * tanh, then −1 … 1 as grey levels 0 … 255, rounded (ties to even).
 *
 * @param values float32 × count
 * @param count a multiple of 4
 * @param output uint8 × count
 */
export function greyLevels(values: usize, count: usize, output: usize): void {
  const one = f32x4.splat(1);
  const half = f32x4.splat(127.5);
  for (let i: usize = 0; i < count; i += 4) {
    const y = v128.load(values + i * 4);
    const grey = f32x4.nearest(f32x4.mul(f32x4.add(tanh(y), one), half));
    const whole = i32x4.trunc_sat_f32x4_s(grey);
    const words = i16x8.narrow_i32x4_s(whole, whole);
    v128.store32_lane(output + i, i8x16.narrow_i16x8_u(words, words), 0);
  }
}

/** Eight rows of `dense`. */
function eightRows(
  input: usize,
  inputs: usize,
  weights: usize,
  biases: usize,
  multipliers: usize,
  output: usize,
): void {
  let sum0 = i32x4.splat(0);
  let sum1 = i32x4.splat(0);
  let sum2 = i32x4.splat(0);
  let sum3 = i32x4.splat(0);
  let sum4 = i32x4.splat(0);
  let sum5 = i32x4.splat(0);
  let sum6 = i32x4.splat(0);
  let sum7 = i32x4.splat(0);
  const end = input + inputs * 2;
  while (input < end) {
    const low = v128.load(input);
    const high = v128.load(input, 16);
    const weights0 = v128.load(weights, 0);
    sum0 = i32x4.add(sum0, i32x4.dot_i16x8_s(low, i16x8.extend_low_i8x16_s(weights0)));
    sum0 = i32x4.add(sum0, i32x4.dot_i16x8_s(high, i16x8.extend_high_i8x16_s(weights0)));
    const weights1 = v128.load(weights, 16);
    sum1 = i32x4.add(sum1, i32x4.dot_i16x8_s(low, i16x8.extend_low_i8x16_s(weights1)));
    sum1 = i32x4.add(sum1, i32x4.dot_i16x8_s(high, i16x8.extend_high_i8x16_s(weights1)));
    const weights2 = v128.load(weights, 32);
    sum2 = i32x4.add(sum2, i32x4.dot_i16x8_s(low, i16x8.extend_low_i8x16_s(weights2)));
    sum2 = i32x4.add(sum2, i32x4.dot_i16x8_s(high, i16x8.extend_high_i8x16_s(weights2)));
    const weights3 = v128.load(weights, 48);
    sum3 = i32x4.add(sum3, i32x4.dot_i16x8_s(low, i16x8.extend_low_i8x16_s(weights3)));
    sum3 = i32x4.add(sum3, i32x4.dot_i16x8_s(high, i16x8.extend_high_i8x16_s(weights3)));
    const weights4 = v128.load(weights, 64);
    sum4 = i32x4.add(sum4, i32x4.dot_i16x8_s(low, i16x8.extend_low_i8x16_s(weights4)));
    sum4 = i32x4.add(sum4, i32x4.dot_i16x8_s(high, i16x8.extend_high_i8x16_s(weights4)));
    const weights5 = v128.load(weights, 80);
    sum5 = i32x4.add(sum5, i32x4.dot_i16x8_s(low, i16x8.extend_low_i8x16_s(weights5)));
    sum5 = i32x4.add(sum5, i32x4.dot_i16x8_s(high, i16x8.extend_high_i8x16_s(weights5)));
    const weights6 = v128.load(weights, 96);
    sum6 = i32x4.add(sum6, i32x4.dot_i16x8_s(low, i16x8.extend_low_i8x16_s(weights6)));
    sum6 = i32x4.add(sum6, i32x4.dot_i16x8_s(high, i16x8.extend_high_i8x16_s(weights6)));
    const weights7 = v128.load(weights, 112);
    sum7 = i32x4.add(sum7, i32x4.dot_i16x8_s(low, i16x8.extend_low_i8x16_s(weights7)));
    sum7 = i32x4.add(sum7, i32x4.dot_i16x8_s(high, i16x8.extend_high_i8x16_s(weights7)));
    input += 32;
    weights += 128;
  }
  fourOutputs(pairSums(sum0, sum1), pairSums(sum2, sum3), biases, multipliers, output);
  fourOutputs(
    pairSums(sum4, sum5),
    pairSums(sum6, sum7),
    biases + 16,
    multipliers + 16,
    output + 16,
  );
}

/** a0 + a2, b0 + b2, a1 + a3, b1 + b3. */
function pairSums(a: v128, b: v128): v128 {
  return i32x4.add(v128.shuffle<i32>(a, b, 0, 4, 1, 5), v128.shuffle<i32>(a, b, 2, 6, 3, 7));
}

/** From the pair sums of rows 0, 1 and of rows 2, 3 to their outputs. */
function fourOutputs(
  first: v128,
  second: v128,
  biases: usize,
  multipliers: usize,
  output: usize,
): void {
  const products = i32x4.add(
    v128.shuffle<i64>(first, second, 0, 2),
    v128.shuffle<i64>(first, second, 1, 3),
  );
  const sums = i32x4.add(products, v128.load(biases));
  v128.store(output, f32x4.mul(f32x4.convert_i32x4_s(sums), v128.load(multipliers)));
}

/**
 * tanh x as a rational function, odd of degree 13 over even of degree 6, after a clamp to where
 * float32 tanh is ±1. The coefficients are those of Eigen's `generic_fast_tanh_float`
 * (https://gitlab.com/libeigen/eigen, MathFunctionsImpl.h); largest error 5e-7.
 */
function tanh(x: v128): v128 {
  x = f32x4.max(f32x4.min(x, f32x4.splat(7.90531110763549805)), f32x4.splat(-7.90531110763549805));
  const square = f32x4.mul(x, x);
  let odd = f32x4.splat(-2.76076847742355e-16);
  odd = f32x4.add(f32x4.mul(odd, square), f32x4.splat(2.00018790482477e-13));
  odd = f32x4.add(f32x4.mul(odd, square), f32x4.splat(-8.60467152213735e-11));
  odd = f32x4.add(f32x4.mul(odd, square), f32x4.splat(5.12229709037114e-8));
  odd = f32x4.add(f32x4.mul(odd, square), f32x4.splat(1.48572235717979e-5));
  odd = f32x4.add(f32x4.mul(odd, square), f32x4.splat(6.37261928875436e-4));
  odd = f32x4.add(f32x4.mul(odd, square), f32x4.splat(4.89352455891786e-3));
  let even = f32x4.splat(1.19825839466702e-6);
  even = f32x4.add(f32x4.mul(even, square), f32x4.splat(1.18534705686654e-4));
  even = f32x4.add(f32x4.mul(even, square), f32x4.splat(2.268434632439e-3));
  even = f32x4.add(f32x4.mul(even, square), f32x4.splat(4.89352518554385e-3));
  return f32x4.div(f32x4.mul(x, odd), even);
}
