/**
 * For engines without SIMD or shared memory: tfjs's own WASM build on one thread, with its products repaired. Those
 * with a transposed operand run in a scalar loop, while transposing first lets XNNPACK multiply.
 */

import { createRequire } from 'node:module';
import path from 'node:path';

import * as tf from '@tensorflow/tfjs';
import type { KernelConfig, KernelFunc, TensorInfo } from '@tensorflow/tfjs';
import { setWasmPaths, type BackendWasm } from '@tensorflow/tfjs-backend-wasm';

function transposed(backend: BackendWasm, x: TensorInfo): TensorInfo {
  const rank = x.shape.length;
  const perm = [...x.shape.keys()].slice(0, -2).concat(rank - 1, rank - 2);
  return tf
    .getKernel(tf.Transpose, 'wasm')
    .kernelFunc({ inputs: { x }, backend, attrs: { perm } }) as TensorInfo;
}

function transposeFirst(multiply: KernelFunc): KernelFunc {
  return (call) => {
    const backend = call.backend as BackendWasm;
    const { a, b } = call.inputs as { a: TensorInfo; b: TensorInfo };
    const { transposeA, transposeB } = call.attrs as unknown as tf.BatchMatMulAttrs;
    const left = transposeA ? transposed(backend, a) : a;
    const right = transposeB ? transposed(backend, b) : b;
    const product = multiply({
      inputs: { a: left, b: right },
      backend,
      attrs: { transposeA: false, transposeB: false },
    });
    for (const [own, given] of [
      [left, a],
      [right, b],
    ] as const) {
      if (own !== given) backend.disposeData(own.dataId);
    }
    return product;
  };
}

/** Tells tfjs where its own files are, so that `tf.setBackend('wasm')` works in Node. */
export function locateTfjsFiles(): void {
  const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(path.join(path.dirname(main), '..', 'wasm-out') + path.sep);
}

function batchOfOne(x: TensorInfo): TensorInfo {
  return { ...x, shape: [1, ...x.shape] };
}

/** tfjs's fused product only takes operands with a batch axis. */
function withBatch(multiply: KernelFunc): KernelFunc {
  return (call) => {
    const { a, b } = call.inputs as { a: TensorInfo; b: TensorInfo };
    if (a.shape.length > 2 || b.shape.length > 2) return multiply(call);
    const inputs = { ...call.inputs, a: batchOfOne(a), b: batchOfOne(b) };
    const product = multiply({ ...call, inputs }) as TensorInfo;
    return { ...product, shape: product.shape.slice(1) };
  };
}

/** The repaired products, to be made while tfjs's own are registered. */
export function fallbackKernels(): KernelConfig[] {
  const product = tf.getKernel(tf.BatchMatMul, 'wasm');
  const fused = tf.getKernel(tf._FusedMatMul, 'wasm');
  return [
    { ...product, kernelFunc: transposeFirst(product.kernelFunc) },
    { ...fused, kernelFunc: withBatch(fused.kernelFunc) },
  ];
}
