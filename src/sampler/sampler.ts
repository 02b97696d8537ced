/**
 * Seed → candidates → the digit that is taken, with its label.
 *
 * The same seed gives the same pixels, label and confidence on every engine and processor. Knows
 * nothing of where weights come from or of what becomes of the pixels.
 */

import type { Engine } from './engine.ts';
import type { Layout } from './layout.ts';
import { Random } from './random.ts';
import { LATENT_FRACTION_BITS, latentOf, withClass } from './seed.ts';
import { softmax } from './softmax.ts';
import { walk } from './walk.ts';

/** A candidate is sure if the classifier gives its class at least that probability. */
export const CONFIDENCE_THRESHOLD = 0.9;
/** So many candidates are tried for a sure one; then the best of them is taken. */
export const MAX_CANDIDATES = 64;

/** Grey levels have 8 fraction bits where the classifier reads them: a picture is p / 256. */
export const PIXEL_FRACTION_BITS = 8;

/** Which digit of a seed is wanted. */
export interface Wish {
  /** The class; any if absent. */
  readonly label?: number;
  /** The first candidate as it is, sure or not. */
  readonly raw?: boolean;
}

export interface Digit {
  /** Grey levels 0 … 255, row by row; 255 is ink. */
  readonly pixels: Uint8Array;
  /** The class that a labelled generator was told; of an unlabelled one, what the classifier reads. */
  readonly label: number;
  /** The classifier's probability of that class. */
  readonly confidence: number;
  /** What the generator made it from: its latent and, if it is labelled, the class. */
  readonly input: Int16Array;
  /** How many candidates were looked at. */
  readonly candidates: number;
}

export interface Sampler {
  /** Numbers in a latent vector; a labelled generator's input has the classes behind it. */
  readonly latentSize: number;
  /** The digit of a seed, which is any text. */
  digit(seed: string, wish?: Wish): Digit;
  /** The digit of a generator's input, whatever it is. */
  draw(input: Int16Array): Digit;
  /** Pictures on the way from one digit to another, both included; `count` is at least 2. */
  walk(from: Digit, to: Digit, count: number): Uint8Array[];
}

/** @throws RangeError where the two networks do not fit each other or the arithmetic */
export function createSampler(engine: Engine, { generator, classifier }: Layout): Sampler {
  if (!generator || !classifier)
    throw new RangeError('a sampler takes a generator and a classifier');
  const { classes } = generator;
  requireEqual('latent fraction bits', generator.inputFractionBits, LATENT_FRACTION_BITS);
  requireEqual('pixel fraction bits', classifier.inputFractionBits, PIXEL_FRACTION_BITS);
  const { outputs } = generator.layers[generator.layers.length - 1];
  requireEqual('pixels that the classifier takes', classifier.layers[0].inputs, outputs);
  const known = classifier.layers[classifier.layers.length - 1].outputs;
  if (classes > 0) requireEqual('classes of the generator', classes, known);
  const latentSize = generator.layers[0].inputs - classes;
  const isConditional = classes > 0;

  /** The picture is a view of the engine's memory. */
  function look(input: Int16Array, told: number | undefined): Candidate {
    const pixels = engine.generate(input);
    const probabilities = softmax(engine.classify(pixels));
    const label = told ?? mostLikely(probabilities);
    return { pixels, probabilities, label, confidence: probabilities[label] };
  }

  function digit(seed: string, { label: wished, raw = false }: Wish = {}): Digit {
    const random = Random.fromString(seed);
    // Drawn even where it is not needed, so that a seed's latents are the same for every label.
    const drawn = isConditional ? random.below(classes) : undefined;
    const told = isConditional ? (wished ?? drawn) : undefined;
    let best: Digit | undefined;
    let bestMerit = -1;
    for (let candidates = 1; ; candidates++) {
      const latent = latentOf(random, latentSize);
      const input = told === undefined ? latent : withClass(latent, told, classes);
      const { pixels, probabilities, label, confidence } = look(input, told);
      const merit = probabilities[wished ?? label];
      if (best === undefined || merit > bestMerit) {
        best = { pixels: pixels.slice(), label, confidence, input, candidates };
        bestMerit = merit;
      }
      if (raw || merit >= CONFIDENCE_THRESHOLD || candidates === MAX_CANDIDATES)
        return { ...best, candidates };
    }
  }

  function draw(input: Int16Array): Digit {
    const told = isConditional ? mostLikely(input.subarray(latentSize)) : undefined;
    const { pixels, label, confidence } = look(input, told);
    return { pixels: pixels.slice(), label, confidence, input, candidates: 1 };
  }

  return {
    latentSize,
    digit,
    draw,
    walk: (from, to, count) =>
      walk(from.input, to.input, latentSize, count).map((input) => engine.generate(input).slice()),
  };
}

interface Candidate extends Pick<Digit, 'pixels' | 'label' | 'confidence'> {
  readonly probabilities: Float64Array;
}

/** The index of the largest number, the first of several. */
function mostLikely(numbers: Float64Array | Int16Array): number {
  let label = 0;
  for (let i = 1; i < numbers.length; i++) {
    if (numbers[i] > numbers[label]) label = i;
  }
  return label;
}

function requireEqual(what: string, found: number, expected: number): void {
  if (found !== expected) throw new RangeError(`${what}: found ${found}, expected ${expected}`);
}
