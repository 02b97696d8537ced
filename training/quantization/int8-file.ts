/** Writes the safetensors file of an int8 network. It is read where the Worker is built (bundle/network.ts). */

import { type NewTensor, serializeSafetensors } from '../../src/weights/safetensors.ts';
import type { QuantizedLayer } from './quantize.ts';

/** The file that ships: layers in int8, and all that the float file says about itself. */
export function serializeQuantized(
  layers: readonly QuantizedLayer[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const tensors: NewTensor[] = layers.flatMap((layer, index) => {
    const { inputs, outputs, weight, scale, bias } = layer;
    const name = `dense_${index + 1}`;
    return [
      { name: `${name}.weight`, dtype: 'I8', shape: [outputs, inputs], data: weight } as const,
      { name: `${name}.scale`, dtype: 'F32', shape: [outputs], data: scale } as const,
      { name: `${name}.bias`, dtype: 'F32', shape: [outputs], data: bias } as const,
    ];
  });
  return serializeSafetensors(tensors, {
    ...metadata,
    quantization: 'int8 weights per output row, int16 activations',
    inputFractionBits: JSON.stringify(layers.map((layer) => layer.inputFractionBits)),
    inputLimits: JSON.stringify(layers.map((layer) => layer.inputLimit)),
  });
}
