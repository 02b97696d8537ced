/** The product of two tensors of one shape, number by number. */

import { MAP_INPUT, MAP_OUTPUT, MAP_SECOND_INPUT, MAP_SIZE } from './abi';
import { CHUNK } from './chunk';
import { argument, nextChunk } from './pool';

/** c = a·b */
export function multiply(): void {
  const size = <i32>argument(MAP_SIZE);
  for (let first = nextChunk(0) * CHUNK; first < size; first = nextChunk(0) * CHUNK) {
    const last = min<i32>(first + CHUNK, size);
    const offset = (<usize>first) << 2;
    let a = <usize>argument(MAP_INPUT) + offset;
    let b = <usize>argument(MAP_SECOND_INPUT) + offset;
    let c = <usize>argument(MAP_OUTPUT) + offset;
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
