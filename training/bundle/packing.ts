/** Two files of quantized weights → the one file that the Worker is built with, whose content src/weights/packed.ts explains. */

import { createHash } from 'node:crypto';

import { CLASSES, DIGIT_PIXELS } from '../../src/digit.ts';
import { MAX_ACTIVATION } from '../../src/sampler/kernel/abi.ts';
import type { Kind } from '../../src/sampler/layout.ts';
import { PIXEL_FRACTION_BITS } from '../../src/sampler/sampler.ts';
import { LATENT_FRACTION_BITS, LATENT_ONE } from '../../src/sampler/seed.ts';
import { ANSWERS_VERSION, type PackedMetadata } from '../../src/weights/packed.ts';
import { serializeSafetensors } from '../../src/weights/safetensors.ts';
import { Failure, reasonOf } from '../cli/failure.ts';
import { directionsOf } from './directions.ts';
import { layOut } from './layout.ts';
import { type Network, readNetwork } from './network.ts';

/** The bytes of a file, and its name for messages. */
export interface WeightsFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** How many directions in latent space the model comes with. */
const DIRECTIONS = 6;

/** @throws Failure if weights are broken, or of other sizes than the Worker's answers */
export function packModel(generatorFile: WeightsFile, classifierFile: WeightsFile): Uint8Array {
  const generator = readWeights(generatorFile, 'generator');
  const classifier = readWeights(classifierFile, 'classifier');
  const { path } = generatorFile;
  requireEqual(path, 'pixels', generator.layers.at(-1)?.outputs, DIGIT_PIXELS);
  requireEqual(path, 'fraction bits of latents', generator.inputFractionBits, LATENT_FRACTION_BITS);
  if (generator.classes > 0) requireEqual(path, 'classes', generator.classes, CLASSES);
  const { path: other } = classifierFile;
  requireEqual(other, 'pixels', classifier.layers[0].inputs, DIGIT_PIXELS);
  requireEqual(other, 'as the limit of its inputs', classifier.inputLimit, MAX_ACTIVATION);
  requireEqual(other, 'fraction bits of pixels', classifier.inputFractionBits, PIXEL_FRACTION_BITS);
  requireEqual(other, 'classes', classifier.layers.at(-1)?.outputs, CLASSES);

  const { layout, constants } = layOut([generator, classifier]);
  const version = new Uint8Array(4);
  new DataView(version.buffer).setUint32(0, ANSWERS_VERSION, true);
  const hash = createHash('sha256')
    .update(version)
    .update(generatorFile.bytes)
    .update(classifierFile.bytes);
  const metadata: PackedMetadata = {
    hash: hash.digest('hex'),
    layout: JSON.stringify(layout),
    generator: JSON.stringify(generator.metadata),
    classifier: JSON.stringify(classifier.metadata),
    directions: JSON.stringify(
      directionsOf(generator, DIRECTIONS).map((v) => Array.from(v, inLatentUnits)),
    ),
  };
  const data = new Int8Array(constants.buffer);
  const memory = { name: 'memory', dtype: 'I8' as const, shape: [data.length], data };
  return serializeSafetensors([memory], metadata);
}

function inLatentUnits(x: number): number {
  return Math.round(x * LATENT_ONE);
}

function readWeights({ path, bytes }: WeightsFile, kind: Kind): Network {
  try {
    const network = readNetwork(bytes);
    if (network.kind === kind) return network;
    throw new Failure(`it is a ${network.kind}, expected a ${kind}`);
  } catch (error) {
    throw new Failure(`${path}: found weights that cannot be used: ${reasonOf(error)}.`);
  }
}

function requireEqual(
  path: string,
  what: string,
  found: number | undefined,
  expected: number,
): void {
  if (found === expected) return;
  throw new Failure(`${path}: found ${found} ${what}, expected ${expected}.`);
}
