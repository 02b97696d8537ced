/**
 * A running average of a tensor that changes, updated in place. On our backend that is one pass over memory, on others
 * it is the same arithmetic in tfjs's operations, to the last bit.
 */

import * as tf from '@tensorflow/tfjs';
import type { Tensor, Variable } from '@tensorflow/tfjs';

import { ThreadedBackend } from '../backend.ts';
import {
  AVERAGE_AVERAGE,
  AVERAGE_DECAY,
  AVERAGE_ONE_MINUS_DECAY,
  AVERAGE_SIZE,
  AVERAGE_VALUE,
  RUNNING_AVERAGE,
} from '../wasm/abi.ts';

/**
 * average = decay · average + (1 − decay) · value in float32, every operation rounded.
 * @throws RangeError unless both are float32 of one shape
 */
export function updateRunningAverage(average: Variable, value: Tensor, decay: number): void {
  const fits = tf.util.arraysEqual(value.shape, average.shape);
  if (!fits || value.dtype !== 'float32' || average.dtype !== 'float32') {
    throw new RangeError(
      `A running average of ${average.dtype} of [${average.shape}] cannot take ` +
        `${value.dtype} of [${value.shape}].`,
    );
  }
  const backend = tf.backend();
  if (!(backend instanceof ThreadedBackend)) {
    tf.tidy(() => average.assign(average.mul(decay).add(value.mul(1 - decay))));
    return;
  }
  backend.makeSoleOwner(average);
  const { words, floats } = backend.arguments;
  words[AVERAGE_AVERAGE] = backend.addressOf(average);
  words[AVERAGE_VALUE] = backend.addressOf(value);
  words[AVERAGE_SIZE] = average.size;
  floats[AVERAGE_DECAY] = decay;
  floats[AVERAGE_ONE_MINUS_DECAY] = 1 - decay;
  backend.run(RUNNING_AVERAGE, average.size);
  backend.forgetCached(average);
}
