/**
 * A generator as a tfjs layers model, for `tf.loadLayersModel`: model.json with the layers, weights.bin with their
 * numbers. It takes (batch, inputs), the latent with, where there are classes, the one-hot class behind it, and gives
 * (batch, pixels) in −1…1.
 */

import * as tf from '@tensorflow/tfjs';

import type { FloatNetwork } from '../quantization/float-file.ts';

const WEIGHTS = 'weights.bin';

/**
 * On tfjs's backend `cpu`, which moves weights as well as any, in production mode, where it does not advertise others.
 * @returns the files of the model's folder, by name; model.json, which names the other, comes last
 */
export async function toTfjs(network: FloatNetwork): Promise<ReadonlyMap<string, Uint8Array>> {
  tf.enableProdMode();
  await tf.setBackend('cpu');
  const model = layersModelOf(network);
  let saved: tf.io.ModelArtifacts | undefined;
  const keep = async (artifacts: tf.io.ModelArtifacts): Promise<tf.io.SaveResult> => {
    saved = artifacts;
    return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) };
  };
  try {
    await model.save(tf.io.withSaveHandler(keep));
  } finally {
    model.dispose();
  }
  if (!saved?.weightData) throw new Error('tfjs has saved no weights');
  const { modelTopology, weightSpecs, weightData, format, generatedBy } = saved;
  const document = {
    format,
    generatedBy,
    convertedBy: 'digitmint',
    modelTopology,
    weightsManifest: [{ paths: [WEIGHTS], weights: weightSpecs }],
    userDefinedMetadata: network.metadata,
  };
  return new Map([
    [WEIGHTS, new Uint8Array(tf.io.CompositeArrayBuffer.join(weightData))],
    ['model.json', new TextEncoder().encode(`${JSON.stringify(document)}\n`)],
  ]);
}

function layersModelOf({ layers, leakyReluSlope }: FloatNetwork): tf.Sequential {
  const model = tf.sequential({ name: 'generator' });
  for (const [index, { inputs, outputs, weight, bias }] of layers.entries()) {
    const n = index + 1;
    const dense = tf.layers.dense({
      name: `dense_${n}`,
      units: outputs,
      inputShape: [inputs],
      // They are about to be replaced.
      kernelInitializer: 'zeros',
    });
    model.add(dense);
    tf.tidy(() => {
      const kernel = tf.transpose(tf.tensor2d(weight, [outputs, inputs]));
      dense.setWeights([kernel, tf.tensor1d(bias)]);
    });
    const isLast = n === layers.length;
    model.add(
      isLast
        ? tf.layers.activation({ name: 'tanh', activation: 'tanh' })
        : tf.layers.leakyReLU({ name: `leaky_relu_${n}`, alpha: leakyReluSlope }),
    );
  }
  return model;
}
