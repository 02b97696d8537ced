/**
 * A generator as an ONNX model (https://github.com/onnx/onnx/blob/main/docs/IR.md): Gemm and LeakyRelu for each
 * layer, Tanh after the last. Its input is `latent`, float32 (batch, inputs): the latent with, where there are
 * classes, the one-hot class behind it. Its output is `pixels`, (batch, pixels) in −1…1.
 */

import onnxProto from 'onnx-proto';

import type { FloatLayer, FloatNetwork } from '../quantization/float-file.ts';

const { onnx } = onnxProto;
const { FLOAT: FLOAT_TENSOR } = onnx.TensorProto.DataType;
const { FLOAT, INT } = onnx.AttributeProto.AttributeType;

/** Read by every runtime since 2021; all operators used here are older. */
const IR_VERSION = 8;
const OPERATORS_VERSION = 13;

/** @returns the bytes of a .onnx file */
export function toOnnx({ layers, leakyReluSlope, metadata }: FloatNetwork): Uint8Array {
  const slope = { name: 'alpha', type: FLOAT, f: leakyReluSlope };
  const nodes = layers.flatMap((_, index) => {
    const n = index + 1;
    const isLast = n === layers.length;
    const input = index === 0 ? 'latent' : `activation_${index}`;
    const activation = isLast
      ? { opType: 'Tanh', output: ['pixels'] }
      : { opType: 'LeakyRelu', output: [`activation_${n}`], attribute: [slope] };
    return [
      {
        opType: 'Gemm',
        name: `dense_${n}`,
        input: [input, `dense_${n}.weight`, `dense_${n}.bias`],
        output: [`sum_${n}`],
        // Weights are (outputs, inputs).
        attribute: [{ name: 'transB', type: INT, i: 1 }],
      },
      { ...activation, name: `activate_${n}`, input: [`sum_${n}`] },
    ];
  });
  return onnx.ModelProto.encode({
    irVersion: IR_VERSION,
    opsetImport: [{ domain: '', version: OPERATORS_VERSION }],
    producerName: 'digitmint',
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    graph: {
      name: 'generator',
      node: nodes,
      initializer: layers.flatMap(tensorsOf),
      input: [batchOf('latent', layers[0].inputs)],
      output: [batchOf('pixels', layers[layers.length - 1].outputs)],
    },
  }).finish();
}

function tensorsOf({ inputs, outputs, weight, bias }: FloatLayer, index: number) {
  return [
    tensorOf(`dense_${index + 1}.weight`, [outputs, inputs], weight),
    tensorOf(`dense_${index + 1}.bias`, [outputs], bias),
  ];
}

function tensorOf(name: string, dims: number[], numbers: Float32Array) {
  const { buffer, byteOffset, byteLength } = numbers;
  // Raw data are little-endian, as are all platforms that Node runs on.
  const rawData = new Uint8Array(buffer, byteOffset, byteLength);
  return { name, dims, dataType: FLOAT_TENSOR, rawData };
}

/** float32 (batch, size) */
function batchOf(name: string, size: number) {
  const shape = { dim: [{ dimParam: 'batch' }, { dimValue: size }] };
  return { name, type: { tensorType: { elemType: FLOAT_TENSOR, shape } } };
}
