/** Helpers to write gradients with: tfjs's registry, typed for kernels that have one output. */

import * as tf from '@tensorflow/tfjs';
import type { GradFunc, NamedAttrMap, NamedTensorMap, Tensor } from '@tensorflow/tfjs';

/** From the output's gradient and the saved tensors to each input's gradient, computed only if it is asked for. */
type GradientOfOne = (
  dy: Tensor,
  saved: [Tensor, Tensor],
  attrs: NamedAttrMap,
) => Record<string, () => Tensor>;

export function ofOneOutput(gradient: GradientOfOne): GradFunc {
  return (dy, saved, attrs) => gradient(dy as Tensor, saved as [Tensor, Tensor], attrs);
}

/** Runs the current backend's kernel of this name, recorded for gradients as tfjs's operations are. */
export function runKernel(name: string, inputs: NamedTensorMap, attrs?: NamedAttrMap): Tensor {
  return tf.engine().runKernel<Tensor>(name, inputs, attrs);
}
