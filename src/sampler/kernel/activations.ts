/**
 * What follows a dense layer: its real numbers → the next layer's whole ones, or grey levels. Each is a
 * single float32 operation in a fixed order, so that every processor gives the same bits: no relaxed SIMD
 * here, and no fused multiply-add.
 */

import { MAX_ACTIVATION } from './abi';

/**
 * Leaky ReLU, then 7 bits: rounded (ties to even) from each channel's own zero point, and saturated.
 *
 * @param values float32 × count, in units of the channel's activation
 * @param count a multiple of 4
 * @param zeros float32 × count: the whole number, 0 … 127, that stands for 0
 * @param output uint8 × count
 */
export function leakyRelu(
  values: usize,
  count: usize,
  slope: f32,
  zeros: usize,
  output: usize,
): void {
  const slopes = f32x4.splat(slope);
  const none = f32x4.splat(0);
  const full = f32x4.splat(<f32>MAX_ACTIVATION);
  for (let i: usize = 0; i < count; i += 4) {
    let y = v128.load(values + i * 4);
    y = v128.bitselect(f32x4.mul(y, slopes), y, f32x4.lt(y, none));
    y = f32x4.nearest(f32x4.add(y, v128.load(zeros + i * 4)));
    storeBytes(output + i, f32x4.min(f32x4.max(y, none), full));
  }
}

/**
 * Grey levels 0 … 255 → 7 bits, which a classifier takes: half of each, rounded down.
 *
 * @param pixels uint8 × count
 * @param count a multiple of 16
 * @param output uint8 × count
 */
export function halve(pixels: usize, count: usize, output: usize): void {
  for (let i: usize = 0; i < count; i += 16) {
    v128.store(output + i, i8x16.shr_u(v128.load(pixels + i), 1));
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
    storeBytes(output + i, grey);
  }
}

/** Four whole numbers 0 … 255 as bytes. */
function storeBytes(output: usize, values: v128): void {
  const whole = i32x4.trunc_sat_f32x4_s(values);
  const words = i16x8.narrow_i32x4_s(whole, whole);
  v128.store32_lane(output, i8x16.narrow_i16x8_u(words, words), 0);
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
