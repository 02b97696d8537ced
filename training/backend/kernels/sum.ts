/** tfjs's sum over the leading axes of a tensor, such as a batch; sums over other axes are left to tfjs. */

import * as tf from '@tensorflow/tfjs';
import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs';

import type { ThreadedBackend } from '../backend.ts';
import { SUM, SUM_COLUMNS, SUM_ROWS, SUM_X, SUM_Y } from '../wasm/abi.ts';
import { instead } from './map.ts';

export function sumKernel(): KernelConfig {
  return instead(tf.Sum, (theirs) => (call) => {
    const backend = call.backend as ThreadedBackend;
    const { x } = call.inputs as { x: TensorInfo };
    const { axis, keepDims } = call.attrs as unknown as tf.SumAttrs;
    const axes = tf.util.parseAxisParam(axis, x.shape).toSorted((left, right) => left - right);
    const leading = axes.length < x.shape.length && axes.every((value, index) => value === index);
    if (!leading || axes.length === 0 || x.dtype !== 'float32') return theirs(call);

    const rest = x.shape.slice(axes.length);
    const rows = tf.util.sizeFromShape(x.shape.slice(0, axes.length));
    const columns = tf.util.sizeFromShape(rest);
    const y = backend.makeOutput(keepDims ? [...axes.map(() => 1), ...rest] : rest, 'float32');
    const { words } = backend.arguments;
    words[SUM_X] = backend.addressOf(x);
    words[SUM_Y] = backend.addressOf(y);
    words[SUM_ROWS] = rows;
    words[SUM_COLUMNS] = columns;
    backend.run(SUM, rows * columns);
    return y;
  });
}
