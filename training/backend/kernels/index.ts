/**
 * All kernels and gradients that replace tfjs's. This folder is the host's half: each file runs the operation of the
 * same name in wasm/, with the arguments that wasm/abi.ts numbers.
 */

import type { GradConfig, KernelConfig } from '@tensorflow/tfjs';

import { dropoutKernel } from './dropout.ts';
import { identityKernel } from './identity.ts';
import { leakyReluGradients, leakyReluKernels } from './leaky-relu.ts';
import { multiplyKernel } from './multiply.ts';
import { productKernels } from './product.ts';
import { sumKernel } from './sum.ts';
import { tanhGradients, tanhKernels } from './tanh.ts';

/** To be called while tfjs's own are registered: some of ours leave to those what they cannot compute. */
export function kernels(): KernelConfig[] {
  return [
    ...productKernels,
    ...leakyReluKernels(),
    ...tanhKernels,
    multiplyKernel(),
    sumKernel(),
    identityKernel,
    dropoutKernel,
  ];
}

export const gradients: readonly GradConfig[] = [...leakyReluGradients, ...tanhGradients];
