/** A tensor's numbers, read without a copy. */

import * as tf from '@tensorflow/tfjs';

import { ThreadedBackend } from './backend.ts';

/**
 * The numbers of a float32 tensor where its backend holds them: they change with the tensor, are not to be written to,
 * and are valid until the next operation. On other backends than ours it is what `dataSync` gives.
 */
export function viewOf(tensor: tf.Tensor): Float32Array {
  const backend = tf.backend();
  return backend instanceof ThreadedBackend
    ? backend.floats(backend.addressOf(tensor), tensor.size)
    : (tensor.dataSync() as Float32Array);
}
