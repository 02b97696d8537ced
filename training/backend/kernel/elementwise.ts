// Kernels that read and write each number once, in float32: activations and their gradients, products of equal
// shapes, sums over rows, and one pass of Adam. Ranges go to threads in chunks; no result depends on which thread
// computes it.

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
