/** Writes the safetensors file of a quantized network. It is read where the Worker is built (bundle/network.ts). */

import { type NewTensor, serializeSafetensors } from '../../src/weights/safetensors.ts';
import type { QuantizedNetwork } from './quantize.ts';

/** The file that ships: layers in whole numbers, and all that the float file says about itself. */
export function serializeQuantized(
  { layers, inputFractionBits, inputLimit }: QuantizedNetwork,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const tensors = layers.flatMap((layer, index): NewTensor[] => {
    const { inputs, outputs, weight, scale, bias, zero } = layer;
    const name = `dense_${index + 1}`;
    return [
      { name: `${name}.weight`, dtype: 'I8', shape: [outputs, inputs], data: weight },
      { name: `${name}.scale`, dtype: 'F32', shape: [outputs], data: scale },
      { name: `${name}.bias`, dtype: 'F32', shape: [outputs], data: bias },
      ...(zero
        ? [{ name: `${name}.zero`, dtype: 'I8', shape: [outputs], data: zero } as const]
        : []),
    ];
  });
  return serializeSafetensors(tensors, {
    ...metadata,
    quantization: 'int8: weights of 7 bits per output row, activations of 7 bits per channel',
    inputFractionBits: `${inputFractionBits}`,
    inputLimit: `${inputLimit}`,
  });
}
