/**
 * The alternative: a Worker that runs the same generator in tfjs, on its WASM SIMD backend. Seeds,
 * weights (as floats) and PNG encoder are the same; only the way from latent to pixels differs.
 */

import { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import tfjsWasm from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm';
import createModule from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.js';
import * as tf from '@tensorflow/tfjs-core';
import { Hono } from 'hono';

import { encodePng } from '../../../src/encoders/png/png.ts';
import { Random } from '../../../src/sampler/random.ts';
import { LATENT_ONE, latentOf, withClass } from '../../../src/sampler/seed.ts';
import { float32Of, int8Of, parseSafetensors } from '../../../src/weights/safetensors.ts';
import generator from '../../../weights/generator.safetensors';

interface Layer {
  /** (inputs, outputs) */
  readonly kernel: tf.Tensor2D;
  /** (outputs) */
  readonly bias: tf.Tensor1D;
}

let layers: readonly Layer[] | undefined;

const app = new Hono();
app.get('/digit.png', async (context) => {
  layers ??= await load();
  const seed = context.req.query('seed') ?? '';
  const pixels = digit(layers, seed);
  return new Response(encodePng({ width: 28, height: 28, pixels }) as Uint8Array<ArrayBuffer>, {
    headers: { 'Content-Type': 'image/png' },
  });
});

export default app;

/** tfjs's own loader compiles WASM from bytes, which Workers refuse; Emscripten's factory takes an instance. */
async function load(): Promise<readonly Layer[]> {
  const module = await createModule({
    instantiateWasm: (imports, done) => {
      done(new WebAssembly.Instance(tfjsWasm, imports), tfjsWasm);
      return {};
    },
  });
  module.tfjs = {
    init: module.cwrap('init', null, []),
    initWithThreadsCount: module.cwrap('init_with_threads_count', null, ['number']),
    getThreadsCount: module.cwrap('get_threads_count', 'number', []),
    registerTensor: module.cwrap('register_tensor', null, ['number', 'number', 'number']),
    disposeData: module.cwrap('dispose_data', null, ['number']),
    dispose: module.cwrap('dispose', null, []),
  };
  tf.removeBackend('wasm');
  tf.registerBackend('wasm', () => new BackendWasm(module));
  await tf.setBackend('wasm');
  return readLayers();
}

function readLayers(): Layer[] {
  const { tensors, metadata } = parseSafetensors(new Uint8Array(generator));
  const sizes = JSON.parse(metadata['sizes']) as number[];
  return sizes.slice(1).map((outputs, index) => {
    const tensor = (part: string) => {
      const found = tensors.get(`dense_${index + 1}.${part}`);
      if (!found) throw new Error(`no ${part} of layer ${index + 1}`);
      return found;
    };
    const scales = float32Of(tensor('scale'));
    const inputs = sizes[index];
    const weights = Float32Array.from(
      int8Of(tensor('weight')),
      (weight, i) => weight * scales[Math.floor(i / inputs)],
    );
    return {
      kernel: tf.tidy(() => tf.transpose(tf.tensor2d(weights, [outputs, inputs]))),
      bias: tf.tensor1d(float32Of(tensor('bias'))),
    };
  });
}

/** The first candidate of a seed, as the sampler draws it. */
function firstInput(seed: string, inputs: number): Int16Array {
  const random = Random.fromString(seed);
  const classes = Number(parseSafetensors(new Uint8Array(generator)).metadata['classes'] ?? 0);
  if (classes === 0) return latentOf(random, inputs);
  const label = random.below(classes);
  return withClass(latentOf(random, inputs - classes), label, classes);
}

function digit(network: readonly Layer[], seed: string): Uint8Array {
  const latent = firstInput(seed, network[0].kernel.shape[0]);
  return tf.tidy(() => {
    let a = tf.tensor2d(
      Float32Array.from(latent, (unit) => unit / LATENT_ONE),
      [1, latent.length],
    );
    for (const [index, { kernel, bias }] of network.entries()) {
      const hidden = index < network.length - 1;
      const activation = hidden ? ({ activation: 'leakyrelu', leakyreluAlpha: 0.2 } as const) : {};
      a = tf.fused.matMul({ a, b: kernel, bias, ...activation }) as tf.Tensor2D;
    }
    const grey = tf.mul(tf.add(tf.tanh(a), 1), 127.5).dataSync();
    return Uint8Array.from(grey, Math.round);
  });
}
