/** tfjs's LeakyReLU, and its gradient in one kernel where tfjs takes three. */

import * as tf from '@tensorflow/tfjs';
import type { GradConfig, KernelConfig, KernelFunc, Tensor, TensorInfo } from '@tensorflow/tfjs';

import type { ThreadedBackend } from '../backend.ts';
import { ofOneOutput, runKernel } from '../gradient.ts';
import { LEAKY_RELU, LEAKY_RELU_ALPHA, LEAKY_RELU_GRADIENT } from '../wasm/abi.ts';
import { instead, map } from './map.ts';

const GRADIENT = 'LeakyReluGradient';

/** Integers are left to tfjs. */
const leakyRelu =
  (theirs: KernelFunc): KernelFunc =>
  (call) => {
    const backend = call.backend as ThreadedBackend;
    const { x } = call.inputs as { x: TensorInfo };
    if (x.dtype !== 'float32') return theirs(call);
    backend.arguments.floats[LEAKY_RELU_ALPHA] = (call.attrs as { alpha: number }).alpha;
    return map(backend, LEAKY_RELU, x);
  };

const leakyReluGradient: KernelFunc = (call) => {
  const backend = call.backend as ThreadedBackend;
  const { x, dy } = call.inputs as { x: TensorInfo; dy: TensorInfo };
  backend.arguments.floats[LEAKY_RELU_ALPHA] = (call.attrs as { alpha: number }).alpha;
  return map(backend, LEAKY_RELU_GRADIENT, x, dy);
};

export function leakyReluKernels(): KernelConfig[] {
  return [
    instead(tf.LeakyRelu, leakyRelu),
    { kernelName: GRADIENT, backendName: 'wasm', kernelFunc: leakyReluGradient },
  ];
}

function floats(x: Tensor): Tensor {
  return x.dtype === 'float32' ? x : x.toFloat();
}

export const leakyReluGradients: readonly GradConfig[] = [
  {
    kernelName: tf.LeakyRelu,
    inputsToSave: ['x'],
    gradFunc: ofOneOutput((dy, [x], attrs) => ({
      x: () => runKernel(GRADIENT, { x: floats(x), dy }, attrs),
    })),
  },
  {
    // Linear in dy, and constant in x almost everywhere.
    kernelName: GRADIENT,
    inputsToSave: ['x'],
    gradFunc: ofOneOutput((ddx, [x], attrs) => ({
      x: () => tf.zerosLike(x),
      dy: () => runKernel(GRADIENT, { x, dy: ddx }, attrs),
    })),
  },
];
