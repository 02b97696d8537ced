/**
 * Dropout (Srivastava et al., 2014) whose mask is a function of a key: the same key gives the same mask on any number
 * of threads, and the gradient computes it again instead of keeping it.
 */

import * as tf from '@tensorflow/tfjs';
import type { KernelConfig, Tensor, TensorInfo } from '@tensorflow/tfjs';

import { ThreadedBackend } from '../backend.ts';
import { ofOneOutput, runKernel } from '../gradient.ts';
import {
  DROPOUT,
  DROPOUT_KEY,
  DROPOUT_SCALE,
  DROPOUT_SECOND_KEY,
  DROPOUT_THRESHOLD,
} from '../wasm/abi.ts';
import { map } from './map.ts';

/** The kernel's name; tfjs has none of this kind. */
export const KEYED_DROPOUT = 'KeyedDropout';

/** Two integers of 32 bits. */
export type DropoutKey = readonly [number, number];

/** Sets a share `rate` of the numbers to zero and multiplies the others by 1 / (1 − rate). */
export function dropout(x: Tensor, rate: number, key: DropoutKey): Tensor {
  if (x.dtype !== 'float32') throw new TypeError(`Dropout takes float32, not ${x.dtype}.`);
  if (!(rate >= 0 && rate < 1)) {
    throw new RangeError(`A dropout rate is at least 0 and below 1, not ${rate}.`);
  }
  if (tf.backend() instanceof ThreadedBackend) {
    return runKernel(KEYED_DROPOUT, { x }, { rate, key: [...key] });
  }
  return tf.tidy(() => tf.mul(x, tf.tensor(dropoutMask(x.size, rate, key), x.shape)));
}

/** The factors that `dropout` multiplies with: each is 0 or 1 / (1 − rate). */
export function dropoutMask(size: number, rate: number, key: DropoutKey): Float32Array {
  const threshold = thresholdOf(rate);
  const kept = 1 / (1 - rate);
  return Float32Array.from({ length: size }, (_, index) =>
    randomBits(index, key) >= threshold ? kept : 0,
  );
}

/** `randomBits` below this are a share `rate` of all. */
function thresholdOf(rate: number): number {
  return Math.round(rate * 2 ** 31);
}

/** 31 bits for an index: MurmurHash3's finalizer (Appleby) over index · golden ratio + key, as in wasm/dropout.ts. */
function randomBits(index: number, [key, secondKey]: DropoutKey): number {
  let bits = (Math.imul(index ^ secondKey, 0x9e3779b9) + key) | 0;
  bits ^= bits >>> 16;
  bits = Math.imul(bits, 0x85ebca6b);
  bits ^= bits >>> 13;
  bits = Math.imul(bits, 0xc2b2ae35);
  bits ^= bits >>> 16;
  return (bits ^ secondKey) >>> 1;
}

export const dropoutKernel: KernelConfig = {
  kernelName: KEYED_DROPOUT,
  backendName: 'wasm',
  kernelFunc: (call) => {
    const backend = call.backend as ThreadedBackend;
    const { x } = call.inputs as { x: TensorInfo };
    const { rate, key } = call.attrs as unknown as { rate: number; key: DropoutKey };
    const { words, floats } = backend.arguments;
    words[DROPOUT_KEY] = key[0];
    words[DROPOUT_SECOND_KEY] = key[1];
    words[DROPOUT_THRESHOLD] = thresholdOf(rate);
    floats[DROPOUT_SCALE] = 1 / (1 - rate);
    return map(backend, DROPOUT, x);
  },
};

tf.registerGradient({
  kernelName: KEYED_DROPOUT,
  gradFunc: ofOneOutput((dy, _saved, attrs) => ({
    x: () => runKernel(KEYED_DROPOUT, { x: dy }, attrs),
  })),
});
