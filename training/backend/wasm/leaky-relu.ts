/** LeakyReLU and its gradient, number by number. */

import { LEAKY_RELU_ALPHA, MAP_INPUT, MAP_OUTPUT, MAP_SECOND_INPUT, MAP_SIZE } from './abi';
import { CHUNK } from './chunk';
import { argument, floatArgument, nextChunk } from './pool';

/** y = x where x ≥ 0, else α·x */
export function leakyRelu(): void {
  const size = <i32>argument(MAP_SIZE);
  const alpha = floatArgument(LEAKY_RELU_ALPHA);
  const alphas = f32x4.splat(alpha);
  const zero = f32x4.splat(0);
  for (let first = nextChunk(0) * CHUNK; first < size; first = nextChunk(0) * CHUNK) {
    const last = min<i32>(first + CHUNK, size);
    let x = <usize>argument(MAP_INPUT) + ((<usize>first) << 2);
    let y = <usize>argument(MAP_OUTPUT) + ((<usize>first) << 2);
    let i = first;
    for (; i + 4 <= last; i += 4) {
      const value = v128.load(x);
      v128.store(y, v128.bitselect(f32x4.mul(value, alphas), value, f32x4.lt(value, zero)));
      x += 16;
      y += 16;
    }
    for (; i < last; i++) {
      const value = load<f32>(x);
      store<f32>(y, value < 0 ? value * alpha : value);
      x += 4;
      y += 4;
    }
  }
}

/** dx = dy where x > 0, else α·dy */
export function leakyReluGradient(): void {
  const size = <i32>argument(MAP_SIZE);
  const alpha = floatArgument(LEAKY_RELU_ALPHA);
  const alphas = f32x4.splat(alpha);
  const zero = f32x4.splat(0);
  for (let first = nextChunk(0) * CHUNK; first < size; first = nextChunk(0) * CHUNK) {
    const last = min<i32>(first + CHUNK, size);
    const offset = (<usize>first) << 2;
    let x = <usize>argument(MAP_INPUT) + offset;
    let dy = <usize>argument(MAP_SECOND_INPUT) + offset;
    let dx = <usize>argument(MAP_OUTPUT) + offset;
    let i = first;
    for (; i + 4 <= last; i += 4) {
      const gradient = v128.load(dy);
      const positive = f32x4.gt(v128.load(x), zero);
      v128.store(dx, v128.bitselect(gradient, f32x4.mul(gradient, alphas), positive));
      x += 16;
      dy += 16;
      dx += 16;
    }
    for (; i < last; i++) {
      const gradient = load<f32>(dy);
      store<f32>(dx, load<f32>(x) > 0 ? gradient : gradient * alpha);
      x += 4;
      dy += 4;
      dx += 4;
    }
  }
}
