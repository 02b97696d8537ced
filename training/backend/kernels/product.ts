/**
 * tfjs's matrix products, plain and fused, of which tfjs runs all those with a transposed operand in a scalar loop: all
 * four transpositions, batches and their broadcasting, bias, and the activations that tfjs fuses.
 */

import * as tf from '@tensorflow/tfjs';
import type { KernelConfig, KernelFunc, TensorInfo } from '@tensorflow/tfjs';

import type { ThreadedBackend } from '../backend.ts';
import {
  PRODUCT,
  PRODUCT_A,
  PRODUCT_A_COLUMN_STRIDE,
  PRODUCT_A_ROW_STRIDE,
  PRODUCT_B,
  PRODUCT_B_COLUMN_STRIDE,
  PRODUCT_B_ROW_STRIDE,
  PRODUCT_C,
  PRODUCT_COLUMNS,
  PRODUCT_DEPTH,
  PRODUCT_INITIAL_ROW,
  PRODUCT_PACKED_A,
  PRODUCT_ROWS,
  PRODUCT_SCRATCH,
  PRODUCT_WIDE,
  SCRATCH_BYTES,
  TILE_COLUMNS,
  TILE_ROWS,
  WORD_BYTES,
} from '../wasm/abi.ts';

/** A matrix in the heap: its address, and how many numbers lie between its rows and between its columns. */
export interface Matrix {
  readonly address: number;
  readonly rowStride: number;
  readonly columnStride: number;
}

interface Shape {
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
}

/**
 * c = a·b + bias, where a is (rows, depth), b (depth, columns), c (rows, columns) row by row, and bias (columns), which
 * is added to each row, or undefined. `c` and `bias` are addresses.
 */
export function matrixProduct(
  backend: ThreadedBackend,
  a: Matrix,
  b: Matrix,
  c: number,
  shape: Shape,
  bias?: number,
): void {
  prepareProduct(backend, a, b, c, shape, bias);
  backend.run(PRODUCT, shape.rows * shape.columns * shape.depth);
}

/** Writes a product's arguments and its initial row, for `run(PRODUCT, …)`; see `matrixProduct`. */
export function prepareProduct(
  backend: ThreadedBackend,
  a: Matrix,
  b: Matrix,
  c: number,
  { rows, columns, depth }: Shape,
  bias?: number,
): void {
  const paddedRows = Math.ceil(rows / TILE_ROWS) * TILE_ROWS;
  const paddedColumns = Math.ceil(columns / TILE_COLUMNS) * TILE_COLUMNS;
  const initialBytes = paddedColumns * WORD_BYTES;
  const scratchBytes = backend.threads * SCRATCH_BYTES;
  const packedBytes = paddedRows * depth * WORD_BYTES;
  const initialRow = backend.scratch(initialBytes + scratchBytes + packedBytes);
  const scratch = initialRow + initialBytes;
  const packedA = scratch + scratchBytes;

  const start = backend.floats(initialRow, paddedColumns).fill(0);
  if (bias !== undefined) start.set(backend.floats(bias, columns));

  const { words } = backend.arguments;
  words[PRODUCT_A] = a.address;
  words[PRODUCT_A_ROW_STRIDE] = a.rowStride;
  words[PRODUCT_A_COLUMN_STRIDE] = a.columnStride;
  words[PRODUCT_B] = b.address;
  words[PRODUCT_B_ROW_STRIDE] = b.rowStride;
  words[PRODUCT_B_COLUMN_STRIDE] = b.columnStride;
  words[PRODUCT_C] = c;
  words[PRODUCT_ROWS] = rows;
  words[PRODUCT_COLUMNS] = columns;
  words[PRODUCT_DEPTH] = depth;
  words[PRODUCT_INITIAL_ROW] = initialRow;
  words[PRODUCT_PACKED_A] = packedA;
  words[PRODUCT_SCRATCH] = scratch;
  words[PRODUCT_WIDE] = Number(backend.wide);
}

interface Operands {
  readonly a: TensorInfo;
  readonly b: TensorInfo;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly bias?: TensorInfo | undefined;
}

function matrix(backend: ThreadedBackend, tensor: TensorInfo, transposed: boolean): Matrix {
  const columns = tensor.shape[tensor.shape.length - 1];
  return {
    address: backend.addressOf(tensor),
    rowStride: transposed ? 1 : columns,
    columnStride: transposed ? columns : 1,
  };
}

/** For each matrix of the broadcast batch, its index in a tensor's own batch. */
function batchIndices(own: number[], broadcast: number[]): number[] {
  const size = tf.util.sizeFromShape(broadcast);
  const padded = [...broadcast.slice(own.length).map(() => 1), ...own];
  return Array.from({ length: size }, (_, index) => {
    let rest = index;
    let result = 0;
    let stride = 1;
    for (let axis = broadcast.length - 1; axis >= 0; axis--) {
      const position = rest % broadcast[axis];
      rest = Math.floor(rest / broadcast[axis]);
      if (padded[axis] !== 1) result += position * stride;
      stride *= padded[axis];
    }
    return result;
  });
}

/** op(a)·op(b) + bias, (…, rows, depth) by (…, depth, columns). */
function product(backend: ThreadedBackend, operands: Operands): TensorInfo {
  const { a, b, transposeA, transposeB, bias } = operands;
  for (const tensor of [a, b]) {
    if (tensor.dtype !== 'float32') {
      throw new Error(`Matrix products take float32, not ${tensor.dtype}.`);
    }
  }
  const [rows, depth] = transposeA ? a.shape.slice(-2).toReversed() : a.shape.slice(-2);
  const [depthOfB, columns] = transposeB ? b.shape.slice(-2).toReversed() : b.shape.slice(-2);
  if (rows === undefined || depth === undefined || columns === undefined || depth !== depthOfB) {
    throw new Error(
      `Shapes [${a.shape}] and [${b.shape}] cannot be multiplied with transposeA=${transposeA} ` +
        `and transposeB=${transposeB}.`,
    );
  }
  const batch = tf.broadcast_util.assertAndGetBroadcastShape(
    a.shape.slice(0, -2),
    b.shape.slice(0, -2),
  );
  const out = backend.makeOutput([...batch, rows, columns], 'float32');
  const c = backend.addressOf(out);
  if (rows === 0 || columns === 0) return out;

  const left = matrix(backend, a, transposeA);
  const right = matrix(backend, b, transposeB);
  const indicesOfA = batchIndices(a.shape.slice(0, -2), batch);
  const indicesOfB = batchIndices(b.shape.slice(0, -2), batch);
  const biasAddress = bias && backend.addressOf(bias);
  for (const [index, indexOfA] of indicesOfA.entries()) {
    const indexOfB = indicesOfB[index];
    matrixProduct(
      backend,
      { ...left, address: left.address + indexOfA * rows * depth * WORD_BYTES },
      { ...right, address: right.address + indexOfB * depth * columns * WORD_BYTES },
      c + index * rows * columns * WORD_BYTES,
      { rows, columns, depth },
      biasAddress,
    );
  }
  return out;
}

const batchMatMul: KernelFunc = ({ inputs, backend, attrs }) => {
  const { a, b } = inputs as { a: TensorInfo; b: TensorInfo };
  const { transposeA, transposeB } = attrs as unknown as tf.BatchMatMulAttrs;
  return product(backend as ThreadedBackend, { a, b, transposeA, transposeB });
};

/** From tfjs's name for a fused activation to the kernel that computes it. */
const ACTIVATIONS: Record<string, string> = {
  relu: tf.Relu,
  relu6: tf.Relu6,
  elu: tf.Elu,
  sigmoid: tf.Sigmoid,
  leakyrelu: tf.LeakyRelu,
  prelu: tf.Prelu,
};

const fusedMatMul: KernelFunc = (call) => {
  const backend = call.backend as ThreadedBackend;
  const inputs = call.inputs as unknown as tf._FusedMatMulInputs;
  const attrs = call.attrs as unknown as tf._FusedMatMulAttrs & { leakyreluAlpha?: number };
  const { a, b, bias, preluActivationWeights } = inputs;
  const { transposeA, transposeB, activation } = attrs;
  const columns = transposeB ? b.shape.at(-2) : b.shape.at(-1);
  if (bias && (bias.shape.length !== 1 || bias.shape[0] !== columns)) {
    throw new Error(`The fused bias must have shape [${columns}], not [${bias.shape}].`);
  }
  const linear = product(backend, { a, b, transposeA, transposeB, bias });
  if (activation === 'linear') return linear;

  const kernelName = ACTIVATIONS[activation];
  const kernel = kernelName === undefined ? undefined : tf.getKernel(kernelName, 'wasm');
  if (!kernel)
    throw new Error(`The activation ${activation} cannot be fused into a matrix product.`);
  const activated = kernel.kernelFunc({
    inputs: preluActivationWeights ? { x: linear, alpha: preluActivationWeights } : { x: linear },
    backend,
    attrs: { alpha: attrs.leakyreluAlpha ?? 0.2 },
  });
  backend.disposeData(linear.dataId);
  return activated;
};

export const productKernels: KernelConfig[] = [
  { kernelName: tf.BatchMatMul, backendName: 'wasm', kernelFunc: batchMatMul },
  { kernelName: tf._FusedMatMul, backendName: 'wasm', kernelFunc: fusedMatMul },
];
