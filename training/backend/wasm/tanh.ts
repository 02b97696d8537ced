/** The hyperbolic tangent and its gradient, number by number. */

import { MAP_INPUT, MAP_OUTPUT, MAP_SECOND_INPUT, MAP_SIZE } from './abi';
import { CHUNK } from './chunk';
import { argument, nextChunk } from './pool';

/** The tanh of each lane to within 3e-7, by the rational minimax approximation of Eigen's `generic_fast_tanh_float`. */
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

/** y = tanh x */
export function tanh(): void {
  const size = <i32>argument(MAP_SIZE);
  for (let first = nextChunk(0) * CHUNK; first < size; first = nextChunk(0) * CHUNK) {
    const last = min<i32>(first + CHUNK, size);
    let x = <usize>argument(MAP_INPUT) + ((<usize>first) << 2);
    let y = <usize>argument(MAP_OUTPUT) + ((<usize>first) << 2);
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

/** dx = (1 − y²)·dy, where y = tanh x */
export function tanhGradient(): void {
  const size = <i32>argument(MAP_SIZE);
  const one = f32x4.splat(1);
  for (let first = nextChunk(0) * CHUNK; first < size; first = nextChunk(0) * CHUNK) {
    const last = min<i32>(first + CHUNK, size);
    const offset = (<usize>first) << 2;
    let y = <usize>argument(MAP_INPUT) + offset;
    let dy = <usize>argument(MAP_SECOND_INPUT) + offset;
    let dx = <usize>argument(MAP_OUTPUT) + offset;
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
