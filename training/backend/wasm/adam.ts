/** One update of Adam (Kingma and Ba, 2015, algorithm 1), which reads and writes each number once. */

import {
  ADAM_BETA1,
  ADAM_BETA2,
  ADAM_CORRECTION1,
  ADAM_CORRECTION2,
  ADAM_EPSILON,
  ADAM_FIRST_MOMENT,
  ADAM_GRADIENT,
  ADAM_LEARNING_RATE,
  ADAM_ONE_MINUS_BETA1,
  ADAM_ONE_MINUS_BETA2,
  ADAM_PARAMETERS,
  ADAM_SECOND_MOMENT,
  ADAM_SIZE,
} from './abi';
import { CHUNK } from './chunk';
import { argument, floatArgument, nextChunk } from './pool';

/** θ −= rate · m̂ / (√v̂ + ε) with m = β1·m + (1 − β1)·g, v = β2·v + (1 − β2)·g², m̂ and v̂ corrected for their start at 0 */
export function adam(): void {
  const size = <i32>argument(ADAM_SIZE);
  const beta1 = floatArgument(ADAM_BETA1);
  const oneMinusBeta1 = floatArgument(ADAM_ONE_MINUS_BETA1);
  const beta2 = floatArgument(ADAM_BETA2);
  const oneMinusBeta2 = floatArgument(ADAM_ONE_MINUS_BETA2);
  const correction1 = floatArgument(ADAM_CORRECTION1);
  const correction2 = floatArgument(ADAM_CORRECTION2);
  const rate = floatArgument(ADAM_LEARNING_RATE);
  const epsilon = floatArgument(ADAM_EPSILON);
  for (let first = nextChunk(0) * CHUNK; first < size; first = nextChunk(0) * CHUNK) {
    const last = min<i32>(first + CHUNK, size);
    const offset = (<usize>first) << 2;
    let p = <usize>argument(ADAM_PARAMETERS) + offset;
    let g = <usize>argument(ADAM_GRADIENT) + offset;
    let m = <usize>argument(ADAM_FIRST_MOMENT) + offset;
    let v = <usize>argument(ADAM_SECOND_MOMENT) + offset;
    let i = first;
    for (; i + 4 <= last; i += 4) {
      const gradient = v128.load(g);
      const mean = f32x4.add(
        f32x4.mul(v128.load(m), f32x4.splat(beta1)),
        f32x4.mul(gradient, f32x4.splat(oneMinusBeta1)),
      );
      const square = f32x4.add(
        f32x4.mul(v128.load(v), f32x4.splat(beta2)),
        f32x4.mul(f32x4.mul(gradient, gradient), f32x4.splat(oneMinusBeta2)),
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
      const mean = load<f32>(m) * beta1 + gradient * oneMinusBeta1;
      const square = load<f32>(v) * beta2 + gradient * gradient * oneMinusBeta2;
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
