/**
 * tfjs's element-wise kernels that training spends time in, computed by this project's threads: LeakyReLU and its
 * gradient, products of equal shapes, sums over rows. What these do not cover stays tfjs's.
 */

import * as tf from '@tensorflow/tfjs';
import type { GradConfig, KernelConfig, KernelFunc, Tensor, TensorInfo } from '@tensorflow/tfjs';

import type { ThreadedBackend } from '../backend.ts';
import { Operation } from '../engine.ts';
import { ofOneOutput, runKernel } from '../gradient.ts';

const LEAKY_RELU_GRADIENT = 'LeakyReluGradient';
const TANH_GRADIENT = 'TanhGradient';

/** A kernel from tensors of one shape to another of that shape, with one number as parameter where `real` names it. */
function mapped(operation: number, inputNames: string[], real?: string): KernelFunc {
  return (call) => {
    const backend = call.backend as ThreadedBackend;
    const inputs = inputNames.map((name) => call.inputs[name] as TensorInfo);
    const { shape } = inputs[0] as TensorInfo;
    const out = backend.makeOutput(shape, 'float32');
    const addresses = [...inputs, out].map((tensor) => backend.addressOf(tensor));
    const reals = real === undefined ? [] : [Number(call.attrs?.[real])];
    const size = tf.util.sizeFromShape(shape);
    backend.run(operation, size, [...addresses, size], reals);
    return out;
  };
}

/** The same numbers under another name, where tfjs's WASM backend copies them: 130 times a training step. */
const identity: KernelFunc = ({ inputs, backend }) => {
  const { x } = inputs as { x: TensorInfo };
  (backend as ThreadedBackend).incRef(x.dataId);
  return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
};

const leakyReluOfFloats = mapped(Operation.leakyRelu, ['x'], 'alpha');

/** Whole numbers are `others`' work. */
function leakyRelu(others: KernelFunc): KernelFunc {
  return (call) => {
    const { x } = call.inputs as { x: TensorInfo };
    return (x.dtype === 'float32' ? leakyReluOfFloats : others)(call);
  };
}

const multiplyEqual = mapped(Operation.multiply, ['a', 'b']);

/** a·b where both have one shape; anything else is `others`' work. */
function multiply(others: KernelFunc): KernelFunc {
  return (call) => {
    const { a, b } = call.inputs as { a: TensorInfo; b: TensorInfo };
    const same = tf.util.arraysEqual(a.shape, b.shape);
    const ours = same && a.dtype === 'float32' && b.dtype === 'float32';
    return (ours ? multiplyEqual : others)(call);
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
    const rows = tf.util.sizeFromShape(x.shape.slice(0, axes.length));
    const columns = tf.util.sizeFromShape(rest);
    const addresses = [backend.addressOf(x), backend.addressOf(y)];
    backend.run(Operation.sumRows, rows * columns, [...addresses, rows, columns]);
    return y;
  };
}

function kernel(kernelName: string, kernelFunc: KernelFunc): KernelConfig {
  return { kernelName, backendName: 'wasm', kernelFunc };
}

/** tfjs's kernel of this name, with ours asked first. */
function before(name: string, ours: (others: KernelFunc) => KernelFunc): KernelConfig {
  const theirs = tf.getKernel(name, 'wasm');
  return { ...theirs, kernelFunc: ours(theirs.kernelFunc) };
}

/** In place of tfjs's kernels of these names; made while tfjs's own are still registered. */
export function elementwiseKernels(): KernelConfig[] {
  return [
    kernel(tf.Identity, identity),
    kernel(LEAKY_RELU_GRADIENT, mapped(Operation.leakyReluGradient, ['x', 'dy'], 'alpha')),
    kernel(tf.Tanh, mapped(Operation.tanh, ['x'])),
    kernel(TANH_GRADIENT, mapped(Operation.tanhGradient, ['y', 'dy'])),
    before(tf.LeakyRelu, leakyRelu),
    before(tf.Multiply, multiply),
    before(tf.Sum, sum),
  ];
}

function floats(x: Tensor): Tensor {
  return x.dtype === 'float32' ? x : x.toFloat();
}

/** In place of tfjs's gradients of these names, which spend three kernels on what one can do. */
export const gradients: GradConfig[] = [
  {
    kernelName: tf.LeakyRelu,
    inputsToSave: ['x'],
    gradFunc: ofOneOutput((dy, [x], attrs) => ({
      x: () => runKernel(LEAKY_RELU_GRADIENT, { x: floats(x), dy }, attrs),
    })),
  },
  {
    // Linear in dy, and flat in x almost everywhere.
    kernelName: LEAKY_RELU_GRADIENT,
    inputsToSave: ['x'],
    gradFunc: ofOneOutput((ddx, [x], attrs) => ({
      x: () => tf.zerosLike(x),
      dy: () => runKernel(LEAKY_RELU_GRADIENT, { x, dy: ddx }, attrs),
    })),
  },
  {
    kernelName: tf.Tanh,
    outputsToSave: [true],
    gradFunc: ofOneOutput((dy, [y]) => ({ x: () => runKernel(TANH_GRADIENT, { y, dy }) })),
  },
  {
    kernelName: TANH_GRADIENT,
    inputsToSave: ['y', 'dy'],
    gradFunc: ofOneOutput((ddx, [y, dy]) => ({
      y: () => tf.mul(tf.mul(tf.mul(y, dy), ddx), -2),
      dy: () => runKernel(TANH_GRADIENT, { y, dy: ddx }),
    })),
  },
];
