// tfjs's element-wise kernels that training spends time in, computed by this project's threads: LeakyReLU and its
// gradient, products of equal shapes, sums over rows. What these do not cover stays tfjs's.

import * as tf from '@tensorflow/tfjs';
import type { GradConfig, KernelConfig, KernelFunc, Tensor, TensorInfo } from '@tensorflow/tfjs';

import type { ThreadedBackend } from './backend.ts';
import { Operation } from './kernels.ts';

const LEAKY_RELU_GRADIENT = 'LeakyReluGradient';

const leakyRelu: KernelFunc = (call) => {
  const backend = call.backend as ThreadedBackend;
  const { x } = call.inputs as { x: TensorInfo };
  const { alpha } = call.attrs as unknown as { alpha: number };
  const y = backend.makeOutput(x.shape, 'float32');
  const size = tf.util.sizeFromShape(x.shape);
  backend.run(Operation.leakyRelu, [backend.addressOf(x), backend.addressOf(y), size], [alpha]);
  return y;
};

const leakyReluGradient: KernelFunc = (call) => {
  const backend = call.backend as ThreadedBackend;
  const { x, dy } = call.inputs as { x: TensorInfo; dy: TensorInfo };
  const { alpha } = call.attrs as unknown as { alpha: number };
  const dx = backend.makeOutput(x.shape, 'float32');
  backend.run(
    Operation.leakyReluGradient,
    [
      backend.addressOf(x),
      backend.addressOf(dy),
      backend.addressOf(dx),
      tf.util.sizeFromShape(x.shape),
    ],
    [alpha],
  );
  return dx;
};

/** a·b where both have one shape; anything else is `others`' work. */
function multiply(others: KernelFunc): KernelFunc {
  return (call) => {
    const backend = call.backend as ThreadedBackend;
    const { a, b } = call.inputs as { a: TensorInfo; b: TensorInfo };
    const same = tf.util.arraysEqual(a.shape, b.shape);
    if (!same || a.dtype !== 'float32' || b.dtype !== 'float32') return others(call);
    const c = backend.makeOutput(a.shape, 'float32');
    backend.run(Operation.multiply, [
      backend.addressOf(a),
      backend.addressOf(b),
      backend.addressOf(c),
      tf.util.sizeFromShape(a.shape),
    ]);
    return c;
  };
}

/** The sum over the leading axes; sums over others are `others`' work. */
function sum(others: KernelFunc): KernelFunc {
  return (call) => {
    const backend = call.backend as ThreadedBackend;
    const { x } = call.inputs as { x: TensorInfo };
    const { axis, keepDims } = call.attrs as unknown as { axis: number[]; keepDims: boolean };
    const axes = tf.util.parseAxisParam(axis, x.shape).toSorted((left, right) => left - right);
    const leading = axes.length < x.shape.length && axes.every((value, index) => value === index);
    if (!leading || axes.length === 0 || x.dtype !== 'float32') return others(call);
    const rest = x.shape.slice(axes.length);
    const y = backend.makeOutput(keepDims ? [...axes.map(() => 1), ...rest] : rest, 'float32');
    backend.run(Operation.sumRows, [
      backend.addressOf(x),
      backend.addressOf(y),
      tf.util.sizeFromShape(x.shape.slice(0, axes.length)),
      tf.util.sizeFromShape(rest),
    ]);
    return y;
  };
}

function tfjsKernel(name: string): KernelFunc {
  return tf.getKernel(name, 'wasm').kernelFunc;
}

/** In place of tfjs's kernels of these names; made while tfjs's own are still registered. */
export function elementwiseKernels(): KernelConfig[] {
  return [
    { kernelName: tf.LeakyRelu, kernelFunc: leakyRelu },
    { kernelName: LEAKY_RELU_GRADIENT, kernelFunc: leakyReluGradient },
    { kernelName: tf.Multiply, kernelFunc: multiply(tfjsKernel(tf.Multiply)) },
    { kernelName: tf.Sum, kernelFunc: sum(tfjsKernel(tf.Sum)) },
  ].map((kernel) => ({ ...kernel, backendName: 'wasm' }));
}

/** In place of tfjs's gradients of these names, which spend three kernels on what one can do. */
export const gradients: GradConfig[] = [
  {
    kernelName: tf.LeakyRelu,
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attrs) => ({
      x: () =>
        tf
          .engine()
          .runKernel(LEAKY_RELU_GRADIENT, { x: x as Tensor, dy: dy as Tensor }, attrs) as Tensor,
    }),
  },
  {
    // Linear in dy, and flat in x almost everywhere.
    kernelName: LEAKY_RELU_GRADIENT,
    inputsToSave: ['x'],
    gradFunc: (ddx, [x], attrs) => ({
      x: () => tf.zerosLike(x as Tensor),
      dy: () =>
        tf
          .engine()
          .runKernel(LEAKY_RELU_GRADIENT, { x: x as Tensor, dy: ddx as Tensor }, attrs) as Tensor,
    }),
  },
];
