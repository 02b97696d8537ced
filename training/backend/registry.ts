/** Kernels and gradients in tfjs's registry, in place of others and back. */

import * as tf from '@tensorflow/tfjs';
import type { GradConfig, KernelConfig } from '@tensorflow/tfjs';

import { ThreadedBackend } from './backend.ts';

/** Registers kernels and gradients in place of those of the same names; the function returned puts those back. */
export function replace(
  kernels: readonly KernelConfig[],
  gradients: readonly GradConfig[],
): () => void {
  const registered = new Map(tf.getKernelsForBackend('wasm').map((k) => [k.kernelName, k]));
  const replacedKernels = kernels.map(({ kernelName }) => registered.get(kernelName));
  const replacedGradients = gradients.map(({ kernelName }) => tf.getGradient(kernelName));
  for (const kernel of kernels) {
    if (registered.has(kernel.kernelName)) tf.unregisterKernel(kernel.kernelName, 'wasm');
    tf.registerKernel(kernel);
  }
  for (const [index, gradient] of gradients.entries()) {
    const theirs = replacedGradients[index];
    if (theirs) tf.unregisterGradient(gradient.kernelName);
    tf.registerGradient(theirs ? onlyHere(gradient, theirs) : gradient);
  }
  return () => {
    for (const [index, kernel] of kernels.entries()) {
      tf.unregisterKernel(kernel.kernelName, 'wasm');
      if (replacedKernels[index]) tf.registerKernel(replacedKernels[index]);
    }
    for (const [index, gradient] of gradients.entries()) {
      tf.unregisterGradient(gradient.kernelName);
      if (replacedGradients[index]) tf.registerGradient(replacedGradients[index]);
    }
  };
}

/** Our gradient on our backend, theirs on others: a gradient's kernels are registered for ours alone. */
function onlyHere(ours: GradConfig, theirs: GradConfig): GradConfig {
  const chosen = (): GradConfig => (tf.backend() instanceof ThreadedBackend ? ours : theirs);
  return { ...theirs, gradFunc: (...call) => chosen().gradFunc(...call) };
}
