/**
 * Kernels that read and write each number once, in float32: activations and their gradients, products of equal
 * shapes, sums over rows, and one pass of Adam. Ranges go to threads in chunks; no result depends on which thread
 * computes it.
 */

import { argument, floatArgument, nextChunk } from './pool';

/** Numbers in a chunk: 32 KiB an operand. */
const CHUNK: i32 = 8192;
/** Columns in a chunk of a sum over rows: two cache lines. */
const SUM_COLUMNS: i32 = 32;

function minimum(a: i32, b: i32): i32 {
  return a < b ? a : b;
}

/** y = x where x > 0, else slope·x. Arguments: x, y, size, slope. */
export function leakyRelu(): void {
  const size = <i32>argument(2);
  const slope = floatArgument(3);
  const slopes = f32x4.splat(slope);
  const zero = f32x4.splat(0);
  for (let first = nextChunk(0) * CHUNK; first < size; first = nextChunk(0) * CHUNK) {
    const last = minimum(first + CHUNK, size);
    let x = <usize>argument(0) + ((<usize>first) << 2);
    let y = <usize>argument(1) + ((<usize>first) << 2);
    let i = first;
    for (; i + 4 <= last; i += 4) {
      const value = v128.load(x);
      v128.store(y, v128.bitselect(f32x4.mul(value, slopes), value, f32x4.lt(value, zero)));
      x += 16;
      y += 16;
    }
    for (; i < last; i++) {
      const value = load<f32>(x);
      store<f32>(y, value < 0 ? value * slope : value);
      x += 4;
      y += 4;
    }
  }
}

/** dx = dy where x > 0, else slope·dy. Arguments: x, dy, dx, size, slope. */
export function leakyReluGradient(): void {
  const size = <i32>argument(3);
  const slope = floatArgument(4);
  const slopes = f32x4.splat(slope);
  const zero = f32x4.splat(0);
  for (let first = nextChunk(0) * CHUNK; first < size; first = nextChunk(0) * CHUNK) {
    const last = minimum(first + CHUNK, size);
    const offset = (<usize>first) << 2;
    let x = <usize>argument(0) + offset;
    let dy = <usize>argument(1) + offset;
    let dx = <usize>argument(2) + offset;
    let i = first;
    for (; i + 4 <= last; i += 4) {
      const gradient = v128.load(dy);
      const positive = f32x4.gt(v128.load(x), zero);
      v128.store(dx, v128.bitselect(gradient, f32x4.mul(gradient, slopes), positive));
      x += 16;
      dy += 16;
      dx += 16;
    }
    for (; i < last; i++) {
      const gradient = load<f32>(dy);
      store<f32>(dx, load<f32>(x) > 0 ? gradient : gradient * slope);
      x += 4;
      dy += 4;
      dx += 4;
    }
  }
}

/** c = a·b of equal shapes. Arguments: a, b, c, size. */
export function multiply(): void {
  const size = <i32>argument(3);
  for (let first = nextChunk(0) * CHUNK; first < size; first = nextChunk(0) * CHUNK) {
    const last = minimum(first + CHUNK, size);
    const offset = (<usize>first) << 2;
    let a = <usize>argument(0) + offset;
    let b = <usize>argument(1) + offset;
    let c = <usize>argument(2) + offset;
    let i = first;
    for (; i + 4 <= last; i += 4) {
      v128.store(c, f32x4.mul(v128.load(a), v128.load(b)));
      a += 16;
      b += 16;
      c += 16;
    }
    for (; i < last; i++) {
      store<f32>(c, load<f32>(a) * load<f32>(b));
      a += 4;
      b += 4;
      c += 4;
    }
  }
}

/** y[column] = the sum of x[·][column], row after row. Arguments: x (rows, columns), y, rows, columns. */
export function sumRows(): void {
  const rows = <i32>argument(2);
  const columns = <i32>argument(3);
  const stride = (<usize>columns) << 2;
  for (
    let first = nextChunk(0) * SUM_COLUMNS;
    first < columns;
    first = nextChunk(0) * SUM_COLUMNS
  ) {
    const last = minimum(first + SUM_COLUMNS, columns);
    const x = <usize>argument(0);
    const y = <usize>argument(1);
    let column = first;
    for (; column + 8 <= last; column += 8) {
      let from = x + ((<usize>column) << 2);
      let sum0 = f32x4.splat(0);
      let sum1 = f32x4.splat(0);
      for (let row = 0; row < rows; row++) {
        sum0 = f32x4.add(sum0, v128.load(from));
        sum1 = f32x4.add(sum1, v128.load(from, 16));
        from += stride;
      }
      v128.store(y + ((<usize>column) << 2), sum0);
      v128.store(y + ((<usize>column) << 2), sum1, 16);
    }
    for (; column < last; column++) {
      let from = x + ((<usize>column) << 2);
      let sum: f32 = 0;
      for (let row = 0; row < rows; row++) {
        sum += load<f32>(from);
        from += stride;
      }
      store<f32>(y + ((<usize>column) << 2), sum);
    }
  }
}

/** The tanh of each lane, within 3e-7: the rational minimax approximation of Eigen's `generic_fast_tanh_float`. */
function tanh4(x: v128): v128 {
  const limited = f32x4.max(
    f32x4.min(x, f32x4.splat(7.90531110763549805)),
    f32x4.splat(-7.90531110763549805),
  );
  const square = f32x4.mul(limited, limited);
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
  return f32x4.div(f32x4.mul(limited, odd), even);
}

/** y = tanh x. Arguments: x, y, size. */
export function tanh(): void {
  const size = <i32>argument(2);
  for (let first = nextChunk(0) * CHUNK; first < size; first = nextChunk(0) * CHUNK) {
    const last = minimum(first + CHUNK, size);
    let x = <usize>argument(0) + ((<usize>first) << 2);
    let y = <usize>argument(1) + ((<usize>first) << 2);
    let i = first;
    for (; i + 4 <= last; i += 4) {
      v128.store(y, tanh4(v128.load(x)));
      x += 16;
      y += 16;
    }
    for (; i < last; i++) {
      store<f32>(y, f32x4.extract_lane(tanh4(v128.load_splat<f32>(x)), 0));
      x += 4;
      y += 4;
    }
  }
}

/** dx = (1 − y²)·dy, where y = tanh x. Arguments: y, dy, dx, size. */
export function tanhGradient(): void {
  const size = <i32>argument(3);
  const one = f32x4.splat(1);
  for (let first = nextChunk(0) * CHUNK; first < size; first = nextChunk(0) * CHUNK) {
    const last = minimum(first + CHUNK, size);
    const offset = (<usize>first) << 2;
    let y = <usize>argument(0) + offset;
    let dy = <usize>argument(1) + offset;
    let dx = <usize>argument(2) + offset;
    let i = first;
    for (; i + 4 <= last; i += 4) {
      const value = v128.load(y);
      v128.store(dx, f32x4.mul(f32x4.sub(one, f32x4.mul(value, value)), v128.load(dy)));
      y += 16;
      dy += 16;
      dx += 16;
    }
    for (; i < last; i++) {
      const value = load<f32>(y);
      store<f32>(dx, (<f32>1 - value * value) * load<f32>(dy));
      y += 4;
      dy += 4;
      dx += 4;
    }
  }
}

/** 32 well-mixed bits for each lane's counter: MurmurHash3's finalizer over counter · golden ratio + key. */
function mix4(counter: v128, key: v128): v128 {
  let bits = i32x4.add(i32x4.mul(counter, i32x4.splat(0x9e3779b9)), key);
  bits = v128.xor(bits, i32x4.shr_u(bits, 16));
  bits = i32x4.mul(bits, i32x4.splat(0x85ebca6b));
  bits = v128.xor(bits, i32x4.shr_u(bits, 13));
  bits = i32x4.mul(bits, i32x4.splat(0xc2b2ae35));
  return v128.xor(bits, i32x4.shr_u(bits, 16));
}

/**
 * y = x·scale where the 32 bits of an element's index and the key are at least `threshold`, else 0.
 * Arguments: x, y, size, key, second key, threshold (of 2³¹), scale.
 */
export function dropout(): void {
  const size = <i32>argument(2);
  const key = i32x4.splat(argument(3));
  const key2 = i32x4.splat(argument(4));
  const threshold = i32x4.splat(argument(5));
  const scale = f32x4.splat(floatArgument(6));
  for (let first = nextChunk(0) * CHUNK; first < size; first = nextChunk(0) * CHUNK) {
    const last = minimum(first + CHUNK, size);
    let x = <usize>argument(0) + ((<usize>first) << 2);
    let y = <usize>argument(1) + ((<usize>first) << 2);
    let index = i32x4.add(i32x4.splat(first), i32x4(0, 1, 2, 3));
    const four = i32x4.splat(4);
    for (let i = first; i < last; i += 4) {
      const bits = i32x4.shr_u(v128.xor(mix4(v128.xor(index, key2), key), key2), 1);
      const kept = i32x4.ge_s(bits, threshold);
      if (i + 4 <= last) {
        v128.store(y, v128.and(f32x4.mul(v128.load(x), scale), kept));
      } else {
        for (let lane = 0; lane < last - i; lane++) {
          const offset = (<usize>lane) << 2;
          const value = v128.and(f32x4.mul(v128.load_splat<f32>(x + offset), scale), kept);
          store<f32>(y + offset, laneOf(value, lane));
        }
      }
      index = i32x4.add(index, four);
      x += 16;
      y += 16;
    }
  }
}

function laneOf(value: v128, lane: i32): f32 {
  if (lane == 0) return f32x4.extract_lane(value, 0);
  if (lane == 1) return f32x4.extract_lane(value, 1);
  return f32x4.extract_lane(value, 2);
}

/**
 * One step of Adam (Kingma and Ba, 2015, algorithm 1), reading and writing each number once.
 * Arguments: parameters, gradient, first moment, second moment, size, β1, 1−β1, β2, 1−β2, 1/(1−β1^t), 1/(1−β2^t),
 * learning rate, ε.
 */
export function adam(): void {
  const size = <i32>argument(4);
  const beta1 = floatArgument(5);
  const rest1 = floatArgument(6);
  const beta2 = floatArgument(7);
  const rest2 = floatArgument(8);
  const correction1 = floatArgument(9);
  const correction2 = floatArgument(10);
  const rate = floatArgument(11);
  const epsilon = floatArgument(12);
  for (let first = nextChunk(0) * CHUNK; first < size; first = nextChunk(0) * CHUNK) {
    const last = minimum(first + CHUNK, size);
    const offset = (<usize>first) << 2;
    let p = <usize>argument(0) + offset;
    let g = <usize>argument(1) + offset;
    let m = <usize>argument(2) + offset;
    let v = <usize>argument(3) + offset;
    let i = first;
    for (; i + 4 <= last; i += 4) {
      const gradient = v128.load(g);
      const mean = f32x4.add(
        f32x4.mul(v128.load(m), f32x4.splat(beta1)),
        f32x4.mul(gradient, f32x4.splat(rest1)),
      );
      const square = f32x4.add(
        f32x4.mul(v128.load(v), f32x4.splat(beta2)),
        f32x4.mul(f32x4.mul(gradient, gradient), f32x4.splat(rest2)),
      );
      const root = f32x4.add(
        f32x4.sqrt(f32x4.mul(square, f32x4.splat(correction2))),
        f32x4.splat(epsilon),
      );
      const update = f32x4.div(f32x4.mul(mean, f32x4.splat(correction1)), root);
      v128.store(m, mean);
      v128.store(v, square);
      v128.store(p, f32x4.sub(v128.load(p), f32x4.mul(update, f32x4.splat(rate))));
      p += 16;
      g += 16;
      m += 16;
      v += 16;
    }
    for (; i < last; i++) {
      const gradient = load<f32>(g);
      const mean = load<f32>(m) * beta1 + gradient * rest1;
      const square = load<f32>(v) * beta2 + gradient * gradient * rest2;
      const root = sqrt<f32>(square * correction2) + epsilon;
      const update = (mean * correction1) / root;
      store<f32>(m, mean);
      store<f32>(v, square);
      store<f32>(p, load<f32>(p) - update * rate);
      p += 4;
      g += 4;
      m += 4;
      v += 4;
    }
  }
}
