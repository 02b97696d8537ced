/** tfjs's tanh, and its gradient in one kernel where tfjs takes three. */

import * as tf from '@tensorflow/tfjs';
import type { GradConfig, KernelConfig, TensorInfo } from '@tensorflow/tfjs';

import type { ThreadedBackend } from '../backend.ts';
import { ofOneOutput, runKernel } from '../gradient.ts';
import { TANH, TANH_GRADIENT } from '../wasm/abi.ts';
import { map } from './map.ts';

const GRADIENT = 'TanhGradient';

export const tanhKernels: readonly KernelConfig[] = [
  {
    kernelName: tf.Tanh,
    backendName: 'wasm',
    kernelFunc: ({ inputs, backend }) =>
      map(backend as ThreadedBackend, TANH, inputs.x as TensorInfo),
  },
  {
    kernelName: GRADIENT,
    backendName: 'wasm',
    kernelFunc: ({ inputs, backend }) => {
      const { y, dy } = inputs as { y: TensorInfo; dy: TensorInfo };
      return map(backend as ThreadedBackend, TANH_GRADIENT, y, dy);
    },
  },
];

export const tanhGradients: readonly GradConfig[] = [
  {
    kernelName: tf.Tanh,
    outputsToSave: [true],
    gradFunc: ofOneOutput((dy, [y]) => ({ x: () => runKernel(GRADIENT, { y, dy }) })),
  },
  {
    kernelName: GRADIENT,
    inputsToSave: ['y', 'dy'],
    gradFunc: ofOneOutput((ddx, [y, dy]) => ({
      y: () => tf.mul(tf.mul(tf.mul(y, dy), ddx), -2),
      dy: () => runKernel(GRADIENT, { y, dy: ddx }),
    })),
  },
];
