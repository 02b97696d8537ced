/**
 * Dropout (Srivastava et al., 2014) whose mask is a function of a key: the same key gives the same mask, on any
 * number of threads, and the gradient draws it again instead of keeping it.
 */

import * as tf from '@tensorflow/tfjs';
import type { KernelConfig, Tensor, TensorInfo } from '@tensorflow/tfjs';

import { ThreadedBackend } from '../backend.ts';
import { Operation } from '../engine.ts';
import { ofOneOutput, runKernel } from '../gradient.ts';

const KEYED_DROPOUT = 'KeyedDropout';

/** Two whole numbers of 32 bits. */
export type DropoutKey = readonly [number, number];

/** x with a share `rate` of its numbers set to zero and the others multiplied by 1 / (1 − rate). */
export function dropout(x: Tensor, rate: number, key: DropoutKey): Tensor {
  if (x.dtype !== 'float32') throw new TypeError(`Dropout takes float32, not ${x.dtype}.`);
  if (!(rate >= 0 && rate < 1)) throw new RangeError(`A rate is from 0 to below 1, not ${rate}.`);
  if (tf.backend() instanceof ThreadedBackend) {
    return runKernel(KEYED_DROPOUT, { x }, { rate, key: [...key] });
  }
  return tf.tidy(() => tf.mul(x, tf.tensor(dropoutMask(x.size, rate, key), x.shape)));
}

/** What `dropout` multiplies with: for each number 0, or 1 / (1 − rate). */
export function dropoutMask(size: number, rate: number, key: DropoutKey): Float32Array {
  const threshold = thresholdOf(rate);
  const kept = 1 / (1 - rate);
  return Float32Array.from({ length: size }, (_, index) =>
    randomBits(index, key) >= threshold ? kept : 0,
  );
}

/** A share of the 2³¹ values of `randomBits`. */
function thresholdOf(rate: number): number {
  return Math.round(rate * 2 ** 31);
}

/** 31 bits for an index: MurmurHash3's finalizer (Appleby) over a counter of golden steps, as in kernel/elementwise. */
function randomBits(index: number, [key, key2]: DropoutKey): number {
  let bits = (Math.imul(index ^ key2, 0x9e3779b9) + key) | 0;
  bits ^= bits >>> 16;
  bits = Math.imul(bits, 0x85ebca6b);
  bits ^= bits >>> 13;
  bits = Math.imul(bits, 0xc2b2ae35);
  bits ^= bits >>> 16;
  return (bits ^ key2) >>> 1;
}

/** The kernel of this project's backend. */
export const dropoutKernel: KernelConfig = {
  kernelName: KEYED_DROPOUT,
  backendName: 'wasm',
  kernelFunc: (call) => {
    const backend = call.backend as ThreadedBackend;
    const { x } = call.inputs as { x: TensorInfo };
    const { rate, key } = call.attrs as { rate: number; key: number[] };
    const y = backend.makeOutput(x.shape, 'float32');
    const size = tf.util.sizeFromShape(x.shape);
    const addresses = [backend.addressOf(x), backend.addressOf(y)];
    const whole = [...addresses, size, ...key, thresholdOf(rate)];
    backend.run(Operation.dropout, size, whole, [1 / (1 - rate)]);
    return y;
  },
};

tf.registerGradient({
  kernelName: KEYED_DROPOUT,
  gradFunc: ofOneOutput((dy, _saved, attrs) => ({
    x: () => runKernel(KEYED_DROPOUT, { x: dy }, attrs),
  })),
});
