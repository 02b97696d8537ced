/**
 * How good a generator is: its float weights or its int8 ones, as it is, and as the service takes its digits. Not
 * here: what the figures mean (figures.ts), and which pictures they compare with (reference.ts).
 */

import { DIGIT_PIXELS } from '../../src/digit.ts';
import type { Image } from '../../src/encoders/pixels.ts';
import { Random } from '../../src/sampler/random.ts';
import type { Digit, Sampler } from '../../src/sampler/sampler.ts';
import { createModel } from '../../src/weights/model.ts';
import { parseSafetensors } from '../../src/weights/safetensors.ts';
import { loadKernel } from '../bundle/engine.ts';
import { readNetwork } from '../bundle/network.ts';
import { type WeightsFile, packModel } from '../bundle/packing.ts';
import { Failure, reasonOf } from '../cli/failure.ts';
import type { Dataset } from '../data/dataset.ts';
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
  /** Figures of the int8 generator's digits as the service takes them. */
  readonly served: ServedFigures;
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
  /** The name of the data set that it learned from; undefined if the file does not say. */
  readonly dataset: string | undefined;
}

/** @throws Failure where the file holds no generator */
export function readSubject(file: WeightsFile): Subject {
  try {
    const { metadata, tensors } = parseSafetensors(file.bytes);
    const { dataset } = metadata;
    if (tensors.get('dense_1.weight')?.dtype !== 'I8') {
      return { file, float: parseNetwork(file.bytes), dataset };
    }
    readNetwork(file.bytes);
    return { file, float: undefined, dataset };
  } catch (error) {
    throw new Failure(`${file.path}: found no generator in it (${reasonOf(error)}).`);
  }
}

/** The rounds of an evaluation: digits of the float weights, of the int8 weights, and as the service takes them. */
export function roundsOf({ float }: Subject): number {
  return float === undefined ? 2 : 3;
}

/** What an evaluation needs beside the generator. */
export interface Setting {
  readonly reference: Reference;
  readonly dataset: Dataset;
  /** The int8 classifier that ships. */
  readonly classifier: WeightsFile;
  /** How many digits are drawn in a round. */
  readonly samples: number;
}

/**
 * @param progress called after each round with the number of digits drawn and assessed so far
 * @returns the figures, and generated pictures above the nearest of the data set
 * @throws Failure where the service could not run the generator
 */
export function evaluate(
  { file, float }: Subject,
  { reference, dataset, classifier, samples }: Setting,
  progress: (digits: number) => void,
): { evaluation: Evaluation; nearest: Image } {
  const { moments } = reference;
  const target = { moments, manifold: manifoldOfFirst(reference.features, samples) };
  let digits = 0;
  const figures = (pictures: Pictures): Figures => {
    const indices = Uint32Array.from({ length: samples }, (_, index) => index);
    const assessed = assess(reference.network, pictures.pixels, indices);
    const result = figuresOf(pictures, assessed, target, reference.classes);
    progress((digits += samples));
    return result;
  };

  const bytes =
    float === undefined
      ? file.bytes
      : quantizeAndMeasure(file.bytes, float, calibrationOf(float), () => null).quantizedFile;
  const packed = packModel({ path: file.path, bytes }, classifier);
  const { sampler, isConditional } = createModel(loadKernel(), packed);
  const network = float ?? readNetwork(bytes);
  const inputs = drawInputs(Random.fromString(LATENTS_SEED), samples, network);
  const labels = isConditional ? labelsIn(inputs, network.classes) : undefined;
  const rounded = { pixels: pixelsOf(inputs.integers.map((input) => sampler.draw(input))), labels };
  const drawn = float && { pixels: drawFloat(float, inputs.reals), labels };
  const int8 = figures(rounded);
  const served = drawServed(sampler, samples);
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
      served: { ...figures(served.pictures), candidates: served.candidates },
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

function pixelsOf(digits: readonly Digit[]): Uint8Array {
  const pixels = new Uint8Array(digits.length * DIGIT_PIXELS);
  for (const [i, digit] of digits.entries()) pixels.set(digit.pixels, i * DIGIT_PIXELS);
  return pixels;
}

/** Digits of seeds, as the service answers them. */
function drawServed(
  sampler: Sampler,
  samples: number,
): { readonly pictures: Pictures; readonly candidates: number } {
  const digits = Array.from({ length: samples }, (_, i) => sampler.digit(`evaluation ${i}`));
  return {
    pictures: {
      pixels: pixelsOf(digits),
      labels: Uint8Array.from(digits, ({ label }) => label ?? 0),
    },
    candidates: digits.reduce((sum, digit) => sum + digit.candidates, 0) / samples,
  };
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
