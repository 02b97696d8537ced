/**
 * AssemblyScript: dense layers of int8 weights and int16 activations in 128-bit SIMD.
 *
 * All sums are whole numbers in int32, which cannot overflow because network.ts has checked that;
 * what follows them are single float32 operations in a fixed order. So each result is the same to
 * the bit on every processor. No relaxed SIMD and no fused multiply-add, which would break that.
 *
 * Knows pointers, shapes and layout. Rows come four at a time and inputs sixteen at a time: the
 * caller pads both with zeros. Weights lie in the order in which they are read, as one stream of
 * 32-byte blocks, each with 8 inputs of 4 rows: 12 % faster than row by row, measured.
 */

/**
 * Weights from row by row into the order of the other functions here.
 *
 * @param source int8, rows × inputs
 * @param inputs a multiple of 16
 * @param rows a multiple of 4
 * @param target int8 × rows · inputs, not overlapping the source
 */
export function interleave(source: usize, inputs: usize, rows: usize, target: usize): void {
  for (let row: usize = 0; row < rows; row += 4) {
    for (let input: usize = 0; input < inputs; input += 8) {
      for (let lane: usize = 0; lane < 4; lane++) {
        store<u64>(target, load<u64>(source + (row + lane) * inputs + input));
        target += 8;
      }
    }
  }
}

/**
 * A hidden layer: leaky ReLU, then rounding (ties to even) and saturation to the next int16 scale.
 *
 * @param input int16 × inputs
 * @param inputs a multiple of 16
 * @param weights int8 × rows · inputs, interleaved
 * @param biases int32 × rows
 * @param multipliers float32 × rows: one unit of a row's sum in units of its output
 * @param rows a multiple of 4
 * @param limit outputs lie in −limit … limit
 * @param output int16 × rows
 */
export function denseLeakyRelu(
  input: usize,
  inputs: usize,
  weights: usize,
  biases: usize,
  multipliers: usize,
  rows: usize,
  slope: f32,
  limit: f32,
  output: usize,
): void {
  const slopes = f32x4.splat(slope);
  const highest = f32x4.splat(limit);
  const lowest = f32x4.splat(-limit);
  for (let row: usize = 0; row < rows; row += 4) {
    let y = preactivations(
      input,
      inputs,
      weights + row * inputs,
      biases + row * 4,
      multipliers + row * 4,
    );
    y = v128.bitselect(f32x4.mul(y, slopes), y, f32x4.lt(y, f32x4.splat(0)));
    y = f32x4.min(f32x4.max(f32x4.nearest(y), lowest), highest);
    const whole = i32x4.trunc_sat_f32x4_s(y);
    v128.store64_lane(output + row * 2, i16x8.narrow_i32x4_s(whole, whole), 0);
  }
}

/**
 * An output layer: tanh, then −1 … 1 as grey levels 0 … 255, rounded (ties to even).
 * Parameters as for denseLeakyRelu, but for `output`: uint8 × rows.
 */
export function denseTanh(
  input: usize,
  inputs: usize,
  weights: usize,
  biases: usize,
  multipliers: usize,
  rows: usize,
  output: usize,
): void {
  const one = f32x4.splat(1);
  const half = f32x4.splat(127.5);
  for (let row: usize = 0; row < rows; row += 4) {
    const y = preactivations(
      input,
      inputs,
      weights + row * inputs,
      biases + row * 4,
      multipliers + row * 4,
    );
    const grey = f32x4.nearest(f32x4.mul(f32x4.add(tanh(y), one), half));
    const whole = i32x4.trunc_sat_f32x4_s(grey);
    const words = i16x8.narrow_i32x4_s(whole, whole);
    v128.store32_lane(output + row, i8x16.narrow_i16x8_u(words, words), 0);
  }
}

/** float32 × 4: (bias + weights · input) · multiplier of four rows. */
function preactivations(
  input: usize,
  inputs: usize,
  weights: usize,
  biases: usize,
  multipliers: usize,
): v128 {
  const sums = i32x4.add(fourSums(input, inputs, weights), v128.load(biases));
  return f32x4.mul(f32x4.convert_i32x4_s(sums), v128.load(multipliers));
}

/** int32 × 4: weights · input of four rows. Two products of eight at a time keep the loop's own cost small. */
function fourSums(input: usize, inputs: usize, weights: usize): v128 {
  let sum0 = i32x4.splat(0);
  let sum1 = i32x4.splat(0);
  let sum2 = i32x4.splat(0);
  let sum3 = i32x4.splat(0);
  const end = input + inputs * 2;
  while (input < end) {
    const low = v128.load(input);
    const high = v128.load(input, 16);
    sum0 = i32x4.add(sum0, i32x4.dot_i16x8_s(low, v128.load8x8_s(weights)));
    sum1 = i32x4.add(sum1, i32x4.dot_i16x8_s(low, v128.load8x8_s(weights, 8)));
    sum2 = i32x4.add(sum2, i32x4.dot_i16x8_s(low, v128.load8x8_s(weights, 16)));
    sum3 = i32x4.add(sum3, i32x4.dot_i16x8_s(low, v128.load8x8_s(weights, 24)));
    sum0 = i32x4.add(sum0, i32x4.dot_i16x8_s(high, v128.load8x8_s(weights, 32)));
    sum1 = i32x4.add(sum1, i32x4.dot_i16x8_s(high, v128.load8x8_s(weights, 40)));
    sum2 = i32x4.add(sum2, i32x4.dot_i16x8_s(high, v128.load8x8_s(weights, 48)));
    sum3 = i32x4.add(sum3, i32x4.dot_i16x8_s(high, v128.load8x8_s(weights, 56)));
    input += 32;
    weights += 64;
  }
  const first = pairSums(sum0, sum1);
  const second = pairSums(sum2, sum3);
  return i32x4.add(v128.shuffle<i64>(first, second, 0, 2), v128.shuffle<i64>(first, second, 1, 3));
}

/** a0 + a2, b0 + b2, a1 + a3, b1 + b3. */
function pairSums(a: v128, b: v128): v128 {
  return i32x4.add(v128.shuffle<i32>(a, b, 0, 4, 1, 5), v128.shuffle<i32>(a, b, 2, 6, 3, 7));
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
