/**
 * Dropout as a layer whose masks come from the caller's random numbers. tfjs's own draws the same mask at every step
 * if it is seeded, and one that nobody can repeat if it is not.
 */

import * as tf from '@tensorflow/tfjs';

import { dropout, type DropoutKey } from '../kernels/dropout.ts';
import type { CallOptions, Random } from './model.ts';

/** Adds layer `dropout_n`. */
export function addDropout(model: tf.Sequential, n: number, rate: number): void {
  model.add(new RandomDropout({ name: `dropout_${n}`, rate }));
}

/** The key of the next dropout mask. */
export function dropoutKey(random: Random): DropoutKey {
  return [random.nextUint32(), random.nextUint32()];
}

/** Dropout in training, with a key from the `random` that the model is called with; else the identity. */
class RandomDropout extends tf.layers.Layer {
  /** tfjs's name of the class, which its constructor needs. */
  static className = 'RandomDropout';
  readonly #rate: number;

  constructor({ name, rate }: { name: string; rate: number }) {
    super({ name });
    this.#rate = rate;
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    return inputShape;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], options: CallOptions): tf.Tensor {
    const [input] = Array.isArray(inputs) ? inputs : [inputs];
    if (!options.training) return input.clone();
    return dropout(input, this.#rate, dropoutKey(options.random));
  }
}
