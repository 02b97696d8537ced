/** One step of a running average, which reads and writes each number once. */

import {
  AVERAGE_AVERAGE,
  AVERAGE_DECAY,
  AVERAGE_ONE_MINUS_DECAY,
  AVERAGE_SIZE,
  AVERAGE_VALUE,
} from './abi';
import { CHUNK } from './chunk';
import { argument, floatArgument, nextChunk } from './pool';

/** average = decay·average + (1 − decay)·value, each operation rounded: never a fused multiply-add. */
export function runningAverage(): void {
  const size = <i32>argument(AVERAGE_SIZE);
  const decay = floatArgument(AVERAGE_DECAY);
  const oneMinusDecay = floatArgument(AVERAGE_ONE_MINUS_DECAY);
  for (let first = nextChunk(0) * CHUNK; first < size; first = nextChunk(0) * CHUNK) {
    const last = min<i32>(first + CHUNK, size);
    const offset = (<usize>first) << 2;
    let average = <usize>argument(AVERAGE_AVERAGE) + offset;
    let value = <usize>argument(AVERAGE_VALUE) + offset;
    let i = first;
    for (; i + 4 <= last; i += 4) {
      const old = f32x4.mul(v128.load(average), f32x4.splat(decay));
      const added = f32x4.mul(v128.load(value), f32x4.splat(oneMinusDecay));
      v128.store(average, f32x4.add(old, added));
      average += 16;
      value += 16;
    }
    for (; i < last; i++) {
      store<f32>(average, load<f32>(average) * decay + load<f32>(value) * oneMinusDecay);
      average += 4;
      value += 4;
    }
  }
}
