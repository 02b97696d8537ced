/** What kernels share that compute each number of a tensor from the numbers at its place in one or two others. */

import * as tf from '@tensorflow/tfjs';
import type { KernelConfig, KernelFunc, TensorInfo } from '@tensorflow/tfjs';

import type { ThreadedBackend } from '../backend.ts';
import { MAP_INPUT, MAP_OUTPUT, MAP_SECOND_INPUT, MAP_SIZE } from '../wasm/abi.ts';

/** Runs such an operation, which gives a new tensor. The caller sets any further arguments first. */
export function map(
  backend: ThreadedBackend,
  operation: number,
  input: TensorInfo,
  secondInput = input,
): TensorInfo {
  const output = backend.makeOutput(input.shape, 'float32');
  const size = tf.util.sizeFromShape(input.shape);
  const { words } = backend.arguments;
  words[MAP_INPUT] = backend.addressOf(input);
  words[MAP_SECOND_INPUT] = backend.addressOf(secondInput);
  words[MAP_OUTPUT] = backend.addressOf(output);
  words[MAP_SIZE] = size;
  backend.run(operation, size);
  return output;
}

/** Our kernel in place of tfjs's of the same name, to which it can leave calls. */
export function instead(
  kernelName: string,
  ours: (theirs: KernelFunc) => KernelFunc,
): KernelConfig {
  const config = tf.getKernel(kernelName, 'wasm');
  return { ...config, kernelFunc: ours(config.kernelFunc) };
}
