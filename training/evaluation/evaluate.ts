/**
 * How good a generator is: its float weights or its int8 ones, as it is, and as the service takes its digits. Not
 * here: what the figures mean (figures.ts), and which pictures they compare with (reference.ts).
 */

import type { Size } from '../../src/digit.ts';
import type { Image } from '../../src/encoders/pixels.ts';
import { inPairs } from '../../src/sampler/engine.ts';
import { Random } from '../../src/sampler/random.ts';
import { createModel } from '../../src/weights/model.ts';
import { parseSafetensors } from '../../src/weights/safetensors.ts';
import { maxCandidatesOf } from '../bundle/candidates.ts';
import { loadEngine, loadKernel } from '../bundle/engine.ts';
import { type Network, readNetwork } from '../bundle/network.ts';
import { type WeightsFile, needsClassifier, packModel } from '../bundle/packing.ts';
import { type Learned, learnedBy } from '../bundle/pairing.ts';
import { Failure, reasonOf } from '../cli/failure.ts';
import type { Dataset } from '../data/dataset.ts';
import { hasNoClasses } from '../quantization/data-origin.ts';
import { type FloatNetwork, parseNetwork } from '../quantization/float-file.ts';
import { type GeneratorInputs, drawInputs } from '../quantization/inputs.ts';
import { drawFloat } from './draw.ts';
import type { Fidelity } from './fidelity.ts';
import { type Figures, type Pictures, figuresOf, manifoldOfFirst } from './figures.ts';
import { nearestImages } from './nearest.ts';
import { assess } from './network.ts';
import { calibrationOf, quantizeAndMeasure } from './quantized.ts';
import { LATENTS_SEED } from './recipe.ts';
import type { Reference } from './reference.ts';

/** Figures of a generator as it is, whose every draw counts. */
export interface Evaluation extends Figures {
  readonly kind: 'float' | 'int8';
  readonly isConditional: boolean;
  readonly samples: number;
  /** The Fréchet distance of one half of the real pictures to the other. */
  readonly frechetFloor: number;
  readonly int8: Int8Figures;
  /** Figures of the int8 generator's digits as the service takes them; null where no classifier of its data is there. */
  readonly served: ServedFigures | null;
}

/** The int8 generator as it is. */
export interface Int8Figures extends Figures {
  /**
   * Errors of its pixels, in grey levels of 0…255, against the float generator on the same latents. Of int8 weights
   * they are what the file says; null where it says nothing.
   */
  readonly meanAbsError: number | null;
  readonly maxAbsError: number | null;
}

export interface ServedFigures extends Figures {
  /** Draws for a digit, on average. */
  readonly candidates: number;
}

/** A generator to evaluate. */
export interface Subject {
  readonly file: WeightsFile;
  /** Undefined if the weights are int8. */
  readonly float: FloatNetwork | undefined;
  /** What it has learned from. */
  readonly learned: Learned;
}

/** @throws Failure where the file holds no generator */
export function readSubject(file: WeightsFile): Subject {
  const { float, network } = readGenerator(file);
  return { file, float, learned: learnedBy(file.path, network) };
}

function readGenerator({ path, bytes }: WeightsFile): {
  readonly float: FloatNetwork | undefined;
  readonly network: FloatNetwork | Network;
} {
  try {
    const isInt8 = parseSafetensors(bytes).tensors.get('dense_1.weight')?.dtype === 'I8';
    if (isInt8) return { float: undefined, network: readNetwork(bytes) };
    const float = parseNetwork(bytes);
    return { float, network: float };
  } catch (error) {
    throw new Failure(`${path}: found no generator in it (${reasonOf(error)}).`);
  }
}

/** The rounds of an evaluation: digits of the float weights, of the int8 weights, and as the service takes them. */
export function roundsOf({ float, learned }: Subject, classifier: WeightsFile | undefined): number {
  const isServed = classifier !== undefined || hasNoClasses(learned.origin);
  return 1 + (float === undefined ? 0 : 1) + (isServed ? 1 : 0);
}

/** What an evaluation needs beside the generator. */
export interface Setting {
  readonly reference: Reference;
  readonly dataset: Dataset;
  /** The int8 classifier that ships; undefined where it is not the generator's. */
  readonly classifier: WeightsFile | undefined;
  /** How many digits are drawn in a round. */
  readonly samples: number;
}

/**
 * @param progress called after each round with the number of digits drawn and assessed so far
 * @returns the figures, and generated pictures above the nearest of the data set
 * @throws Failure where the service could not run the generator
 */
export function evaluate(
  { file, float, learned }: Subject,
  { reference, dataset, classifier, samples }: Setting,
  progress: (digits: number) => void,
): { evaluation: Evaluation; nearest: Image } {
  const { moments } = reference;
  const target = { moments, manifold: manifoldOfFirst(reference.features, samples) };
  let digits = 0;
  const figures = (pictures: Pictures): Figures => {
    const indices = Uint32Array.from({ length: samples }, (_, index) => index);
    const assessed = assess(reference.network, pictures.pixels, reference.size, indices);
    const result = figuresOf(pictures, assessed, target, reference.classes);
    progress((digits += samples));
    return result;
  };

  const bytes =
    float === undefined
      ? file.bytes
      : quantizeAndMeasure(file.bytes, float, calibrationOf(float), () => null).quantizedFile;
  const { draw } = loadEngine(bytes);
  const network = float ?? readNetwork(bytes);
  const { width, height } = learned.origin;
  requireSize(file.path, { width, height }, dataset);
  const isConditional = network.classes > 0;
  const inputs = drawInputs(Random.fromString(LATENTS_SEED), samples, network);
  const labels = isConditional ? labelsIn(inputs, network.classes) : undefined;
  const pixels = pixelsOf(Array.from(inPairs(inputs.integers, draw), (picture) => picture.slice()));
  const rounded = { width, height, pixels, labels };
  const drawn = float && { width, height, pixels: drawFloat(float, inputs.reals), labels };
  const int8 = figures(rounded);
  const served = drawServed({ path: file.path, bytes }, classifier, samples);
  return {
    evaluation: {
      kind: drawn ? 'float' : 'int8',
      isConditional,
      samples,
      frechetFloor: reference.real.frechet,
      ...(drawn ? figures(drawn) : int8),
      int8: {
        ...(drawn ? errorsBetween(rounded.pixels, drawn.pixels) : errorsIn(bytes)),
        ...int8,
      },
      served: served && { ...figures(served.pictures), candidates: served.candidates },
    },
    nearest: nearestImages((drawn ?? rounded).pixels, dataset),
  };
}

/** The class at the end of each input, which is one-hot. */
function labelsIn({ integers }: GeneratorInputs, classes: number): Uint8Array {
  return Uint8Array.from(integers, (input) =>
    input.subarray(input.length - classes).findIndex((unit) => unit > 0),
  );
}

/** At least one, one after the other. */
function pixelsOf(pictures: readonly Uint8Array[]): Uint8Array {
  const imageSize = pictures[0].length;
  const pixels = new Uint8Array(pictures.length * imageSize);
  for (const [i, picture] of pictures.entries()) pixels.set(picture, i * imageSize);
  return pixels;
}

/**
 * Digits of seeds, as the service answers them.
 * @returns undefined where the generator lacks its classifier
 */
function drawServed(
  generator: WeightsFile,
  classifier: WeightsFile | undefined,
  samples: number,
): { readonly pictures: Pictures; readonly candidates: number } | null {
  if (classifier === undefined && needsClassifier(generator)) return null;
  const { sampler, motif } = createModel(
    loadKernel(),
    packModel(generator, classifier, maxCandidatesOf),
  );
  const { width, height, classes } = motif;
  const digits = Array.from({ length: samples }, (_, i) => sampler.digit(`evaluation ${i}`));
  const labels = classes.length > 0 ? Uint8Array.from(digits, ({ label = 0 }) => label) : undefined;
  return {
    pictures: { width, height, pixels: pixelsOf(digits.map(({ pixels }) => pixels)), labels },
    candidates: digits.reduce((sum, digit) => sum + digit.candidates, 0) / samples,
  };
}

/** @throws Failure where pictures of the generator cannot be compared with those of the data set */
function requireSize(path: string, drawn: Size, { name, width, height }: Dataset): void {
  if (drawn.width === width && drawn.height === height) return;
  throw new Failure(
    `${path}: found pictures of ${drawn.width} × ${drawn.height} pixels, expected ${width} × ${height} as in ${name}; give the generator's own data by --data.`,
  );
}

type Errors = Omit<Int8Figures, keyof Figures>;

function errorsBetween(pixels: Uint8Array, expected: Uint8Array): Errors {
  let [sum, max] = [0, 0];
  for (let i = 0; i < pixels.length; i++) {
    const error = Math.abs(pixels[i] - expected[i]);
    sum += error;
    max = Math.max(max, error);
  }
  return { meanAbsError: sum / pixels.length, maxAbsError: max };
}

/** What the int8 file says about itself, so far as it does. */
function errorsIn(bytes: Uint8Array): Errors {
  const { meanAbsError, maxAbsError } = fidelityIn(parseSafetensors(bytes).metadata);
  return { meanAbsError: numberOrNull(meanAbsError), maxAbsError: numberOrNull(maxAbsError) };
}

function fidelityIn({ fidelity = '{}' }: Readonly<Record<string, string>>): Partial<Fidelity> {
  try {
    return Object(JSON.parse(fidelity)) as Partial<Fidelity>;
  } catch {
    return {};
  }
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
