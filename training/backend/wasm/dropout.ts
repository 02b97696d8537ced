/** Dropout whose mask is a function of a key. The host has the same function: ../kernels/dropout.ts. */

import {
  DROPOUT_KEY,
  DROPOUT_SCALE,
  DROPOUT_SECOND_KEY,
  DROPOUT_THRESHOLD,
  MAP_INPUT,
  MAP_OUTPUT,
  MAP_SIZE,
} from './abi';
import { CHUNK } from './chunk';
import { argument, floatArgument, nextChunk } from './pool';

/** 32 bits for the counter in each lane: MurmurHash3's finalizer (Appleby) over counter · golden ratio + key. */
function mix4(counter: v128, key: v128): v128 {
  let bits = i32x4.add(i32x4.mul(counter, i32x4.splat(0x9e3779b9)), key);
  bits = v128.xor(bits, i32x4.shr_u(bits, 16));
  bits = i32x4.mul(bits, i32x4.splat(0x85ebca6b));
  bits = v128.xor(bits, i32x4.shr_u(bits, 13));
  bits = i32x4.mul(bits, i32x4.splat(0xc2b2ae35));
  return v128.xor(bits, i32x4.shr_u(bits, 16));
}

/** y = x·scale where 31 bits of its index and the key are at least `threshold`, else 0 */
export function dropout(): void {
  const size = <i32>argument(MAP_SIZE);
  const key = i32x4.splat(argument(DROPOUT_KEY));
  const secondKey = i32x4.splat(argument(DROPOUT_SECOND_KEY));
  const threshold = i32x4.splat(argument(DROPOUT_THRESHOLD));
  const scale = f32x4.splat(floatArgument(DROPOUT_SCALE));
  for (let first = nextChunk(0) * CHUNK; first < size; first = nextChunk(0) * CHUNK) {
    const last = min<i32>(first + CHUNK, size);
    let x = <usize>argument(MAP_INPUT) + ((<usize>first) << 2);
    let y = <usize>argument(MAP_OUTPUT) + ((<usize>first) << 2);
    let index = i32x4.add(i32x4.splat(first), i32x4(0, 1, 2, 3));
    const four = i32x4.splat(4);
    for (let i = first; i < last; i += 4) {
      const bits = i32x4.shr_u(v128.xor(mix4(v128.xor(index, secondKey), key), secondKey), 1);
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
