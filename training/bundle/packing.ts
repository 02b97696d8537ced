/** Two files of quantized weights → the one file that the Worker is built with, whose content src/weights/packed.ts explains. */

import { createHash } from 'node:crypto';

import { MAX_ACTIVATION } from '../../src/sampler/kernel/abi.ts';
import type { Kind, MemoryImage } from '../../src/sampler/layout.ts';
import {
  MAX_CANDIDATES,
  type MaxCandidates,
  PIXEL_FRACTION_BITS,
} from '../../src/sampler/sampler.ts';
import { LATENT_FRACTION_BITS, LATENT_ONE } from '../../src/sampler/seed.ts';
import { ANSWERS_VERSION, type PackedMetadata } from '../../src/weights/packed.ts';
import { serializeSafetensors } from '../../src/weights/safetensors.ts';
import { Failure, reasonOf } from '../cli/failure.ts';
import { hasNoClasses, haveSameData, motifOf } from '../quantization/data-origin.ts';
import { directionsOf } from './directions.ts';
import { layOut } from './layout.ts';
import { type Network, readNetwork } from './network.ts';
import { type Learned, learnedBy, requireSameData } from './pairing.ts';

/** The bytes of a file, and its name for messages. */
export interface WeightsFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** How many directions in latent space the model comes with. */
const DIRECTIONS = 6;

/** Whether a classifier belongs to the generator in this file. @throws Failure if it holds none */
export function needsClassifier(generatorFile: WeightsFile): boolean {
  return !hasNoClasses(readGenerator(generatorFile).learned.origin);
}

/** Whether two generators learned from the same data. @throws Failure if a file holds none */
export function learnedSameData(one: WeightsFile, other: WeightsFile): boolean {
  return haveSameData(readGenerator(one).learned.origin, readGenerator(other).learned.origin);
}

/**
 * @param classifierFile undefined for a generator that needs none
 * @param bound how many candidates of a seed may be looked at; without it, as many as of any model
 * @throws Failure if weights are broken, or do not go together
 */
export function packModel(
  generatorFile: WeightsFile,
  classifierFile: WeightsFile | undefined,
  bound?: (image: MemoryImage) => MaxCandidates,
): Uint8Array {
  const { network: generator, learned } = readGenerator(generatorFile);
  const classifier = classifierFile && readClassifier(classifierFile);
  if (classifier) requireSameData(learned, classifier.learned);
  if (classifier === undefined && generator.classes > 0) {
    throw new Failure(`${generatorFile.path}: found no classifier for it, expected one.`);
  }

  const image = layOut(classifier ? [generator, classifier.network] : [generator]);
  const { layout, constants } = image;
  const version = new Uint8Array(4);
  new DataView(version.buffer).setUint32(0, ANSWERS_VERSION, true);
  const hash = createHash('sha256').update(version).update(generatorFile.bytes);
  if (classifierFile) hash.update(classifierFile.bytes);
  const max = bound && textOf(bound(image));
  if (max !== undefined) hash.update(max);
  const metadata: PackedMetadata = {
    hash: hash.digest('hex'),
    answersVersion: `${ANSWERS_VERSION}`,
    layout: JSON.stringify(layout),
    motif: JSON.stringify(motifOf(learned.origin, classifier?.learned.origin)),
    generator: JSON.stringify(generator.metadata),
    ...(classifier && { classifier: JSON.stringify(classifier.network.metadata) }),
    ...(max !== undefined && { maxCandidates: max }),
    directions: JSON.stringify(
      directionsOf(generator, DIRECTIONS).map((v) => Array.from(v, inLatentUnits)),
    ),
  };
  const data = new Int8Array(constants.buffer);
  const memory = { name: 'memory', dtype: 'I8' as const, shape: [data.length], data };
  return serializeSafetensors([memory], metadata);
}

/** Undefined where it is the bound of all models. */
function textOf(max: MaxCandidates): string | undefined {
  const isUsual = [max.any, ...max.ofClass].every((bound) => bound === MAX_CANDIDATES);
  return isUsual ? undefined : JSON.stringify(max);
}

function inLatentUnits(x: number): number {
  return Math.round(x * LATENT_ONE);
}

/** A network, and what it has learned from. */
interface Weights {
  readonly network: Network;
  readonly learned: Learned;
}

function readGenerator(file: WeightsFile): Weights {
  const network = readWeights(file, 'generator');
  const { inputFractionBits } = network;
  requireEqual(file.path, 'fraction bits of latents', inputFractionBits, LATENT_FRACTION_BITS);
  return { network, learned: learnedBy(file.path, network) };
}

function readClassifier(file: WeightsFile): Weights {
  const network = readWeights(file, 'classifier');
  const { path } = file;
  requireEqual(path, 'as the limit of its inputs', network.inputLimit, MAX_ACTIVATION);
  requireEqual(path, 'fraction bits of pixels', network.inputFractionBits, PIXEL_FRACTION_BITS);
  return { network, learned: learnedBy(path, network) };
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
