/** What gradients are written with: tfjs's registry, typed for kernels that have one output. */

import * as tf from '@tensorflow/tfjs';
import type { GradFunc, NamedAttrMap, NamedTensorMap, Tensor } from '@tensorflow/tfjs';

/** From the output's gradient and the saved tensors to the gradient of each input, computed where it is asked for. */
type GradientOfOne = (
  dy: Tensor,
  saved: [Tensor, Tensor],
  attrs: NamedAttrMap,
) => Record<string, () => Tensor>;

export function ofOneOutput(gradient: GradientOfOne): GradFunc {
  return (dy, saved, attrs) => gradient(dy as Tensor, saved as [Tensor, Tensor], attrs);
}

/** The tensor that the current backend's kernel of this name gives; recorded for gradients, as tfjs's operations are. */
export function runKernel(name: string, inputs: NamedTensorMap, attrs?: NamedAttrMap): Tensor {
  return tf.engine().runKernel(name, inputs, attrs) as Tensor;
}
