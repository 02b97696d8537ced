/**
 * What generated pictures are compared with: a feature network that has learned the classes of one half of a data
 * set, and what it sees in the other half, which is as new to it as generated pictures are. Both halves are drawn at
 * random from the images that generators learn from.
 *
 * It is made once for each data set and kept in build/, and made anew only if the code that makes it has changed.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import type { Size } from '../../src/digit.ts';
import { Random } from '../../src/sampler/random.ts';
import {
  type NewTensor,
  float32Of,
  parseSafetensors,
  serializeSafetensors,
} from '../../src/weights/safetensors.ts';
import { startBackend } from '../backend/index.ts';
import { type Artefact, ROOT } from '../bundle/build.ts';
import { TRAINING_KERNELS } from '../bundle/kernels.ts';
import { Failure } from '../cli/failure.ts';
import { labelsOf } from '../data/batches.ts';
import { type Dataset, type LabelledDataset, requireLabels } from '../data/dataset.ts';
import { shuffle } from '../data/shuffle.ts';
import { type Moments, momentsOf } from '../quantization/linear-algebra.ts';
import { type Figures, type Pictures, figuresOf, manifoldOfFirst } from './figures.ts';
import { learnFeatures, stepsFor } from './learning.ts';
import { type FeatureNetwork, type Assessment, disposeOf, assess, networkOf } from './network.ts';
import { NEIGHBOURS } from './precision-recall.ts';
import { FEATURES } from './recipe.ts';

export interface Reference {
  /** In tfjs's memory, until it is disposed of. */
  readonly network: FeatureNetwork;
  /** Of the pictures that it takes. */
  readonly size: Size;
  /** Classes that it knows. */
  readonly classes: number;
  /** Of the real pictures, in random order: (count, FEATURES). */
  readonly features: Float32Array;
  readonly moments: Moments;
  /** The figures of real pictures: one half of them, compared with the other. Their agreement is the network's accuracy. */
  readonly real: Figures;
}

/** Each half of the real pictures needs more than NEIGHBOURS. */
const MIN_IMAGES = 4 * (NEIGHBOURS + 1);

/** The steps that it takes to make a data set's reference. */
export function stepsOfReference({ count }: Dataset): number {
  return stepsFor(Math.floor(count / 2));
}

/**
 * The file of a data set's reference, to be built before it is loaded.
 * @param stepped called after each step of learning with the number of steps done
 * @throws Failure where there are too few images, or no classes to learn
 */
export function referenceOf(
  dataset: Dataset,
  threads: number | 'auto',
  stepped: (done: number) => void,
): Artefact {
  if (dataset.count < MIN_IMAGES) {
    throw new Failure(
      `${dataset.name}: found ${dataset.count} images, expected at least ${MIN_IMAGES} to compare with.`,
    );
  }
  const labelled = requireLabels(dataset, 'comparing pictures');
  return {
    outputs: [pathOf(dataset)],
    needs: [TRAINING_KERNELS],
    async inputs() {
      return { modules: [import.meta.filename], files: [] };
    },
    async make(folder) {
      // Relaxed SIMD would make another network on another kind of processor, and with it other distances.
      const backend = await startBackend({ threads, relaxedSimd: false });
      try {
        writeFileSync(join(folder, basename(pathOf(dataset))), makeReference(labelled, stepped));
      } finally {
        await backend.stop();
      }
    },
  };
}

/** Loads what was built, into the memory of tfjs's current backend. */
export function loadReference(dataset: Dataset): Reference {
  const { metadata, tensors } = parseSafetensors(readFileSync(join(ROOT, pathOf(dataset))));
  const numbers = (name: string): Float32Array => {
    const tensor = tensors.get(name);
    if (tensor === undefined) throw new Error(`${pathOf(dataset)}: ${name} is missing`);
    return float32Of(tensor);
  };
  const real = JSON.parse(metadata['real']) as Figures;
  const layers = Array.from({ length: Number(metadata['layers']) }, (_, i) => ({
    kernel: numbers(`layer_${i + 1}.kernel`),
    bias: numbers(`layer_${i + 1}.bias`),
  }));
  const features = numbers('features');
  return {
    network: networkOf(layers),
    size: { width: dataset.width, height: dataset.height },
    classes: real.labelHistogram.length,
    features,
    moments: momentsOf(features, FEATURES),
    real,
  };
}

function pathOf({ sha256 }: Dataset): string {
  return `build/reference-${sha256.slice(0, 16)}.safetensors`;
}

function makeReference(dataset: LabelledDataset, stepped: (done: number) => void): Uint8Array {
  const random = Random.fromString('evaluation');
  const order = Uint32Array.from({ length: dataset.count }, (_, index) => index);
  shuffle(order, random);
  const middle = Math.floor(dataset.count / 2);
  const network = learnFeatures(dataset, order.subarray(0, middle), random, stepped);
  const rest = order.subarray(middle);
  const assessed = assess(network, dataset.images, dataset, rest);
  const real = realFigures(dataset, rest, assessed);
  const tensors = tensorsOf(network, assessed.features);
  disposeOf(network);
  return serializeSafetensors(tensors, {
    dataset: dataset.name,
    sha256: dataset.sha256,
    layers: String(network.length),
    real: JSON.stringify(real),
  });
}

/** One half of the real pictures, compared with the other. */
function realFigures(
  dataset: LabelledDataset,
  indices: Uint32Array,
  assessed: Assessment,
): Figures {
  const middle = Math.floor(indices.length / 2);
  const others = assessed.features.subarray(middle * FEATURES);
  const half: Assessment = {
    features: assessed.features.subarray(0, middle * FEATURES),
    labels: assessed.labels.subarray(0, middle),
    confidences: assessed.confidences.subarray(0, middle),
  };
  const target = {
    moments: momentsOf(others, FEATURES),
    manifold: manifoldOfFirst(others, middle),
  };
  const pictures = picturesOf(dataset, indices.subarray(0, middle));
  return figuresOf(pictures, half, target, dataset.classes.length);
}

function picturesOf(dataset: LabelledDataset, indices: Uint32Array): Pictures {
  const { width, height } = dataset;
  const imageSize = width * height;
  const pixels = new Uint8Array(indices.length * imageSize);
  for (const [i, index] of indices.entries()) {
    const image = dataset.images.subarray(index * imageSize, (index + 1) * imageSize);
    pixels.set(image, i * imageSize);
  }
  return { width, height, pixels, labels: labelsOf(dataset, indices) };
}

function tensorsOf(network: FeatureNetwork, features: Float32Array): NewTensor[] {
  const weights = network.flatMap(([kernel, bias], i): NewTensor[] => [
    {
      name: `layer_${i + 1}.kernel`,
      dtype: 'F32',
      shape: kernel.shape,
      data: kernel.dataSync() as Float32Array,
    },
    {
      name: `layer_${i + 1}.bias`,
      dtype: 'F32',
      shape: bias.shape,
      data: bias.dataSync() as Float32Array,
    },
  ]);
  const shape = [features.length / FEATURES, FEATURES];
  return [...weights, { name: 'features', dtype: 'F32', shape, data: features }];
}
