/** tfjs's product of tensors number by number, where both have the same shape; broadcasting is left to tfjs. */

import * as tf from '@tensorflow/tfjs';
import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs';

import type { ThreadedBackend } from '../backend.ts';
import { MULTIPLY } from '../wasm/abi.ts';
import { instead, map } from './map.ts';

export function multiplyKernel(): KernelConfig {
  return instead(tf.Multiply, (theirs) => (call) => {
    const { a, b } = call.inputs as { a: TensorInfo; b: TensorInfo };
    const areFloats = a.dtype === 'float32' && b.dtype === 'float32';
    if (!areFloats || !tf.util.arraysEqual(a.shape, b.shape)) return theirs(call);
    return map(call.backend as ThreadedBackend, MULTIPLY, a, b);
  });
}
