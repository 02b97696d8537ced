/**
 * Seed → candidates → the digit that is taken, with its label.
 *
 * The same seed gives the same pixels, label and confidence on every engine and processor, whether it is
 * drawn alone or with others. Knows nothing of where weights come from or of what becomes of the pixels.
 */

import { type Engine, inPairs } from './engine.ts';
import { DIGITS_AT_A_TIME, type Layout } from './layout.ts';
import { Random } from './random.ts';
import { LATENT_FRACTION_BITS, latentOf, withClass } from './seed.ts';
import { softmax } from './softmax.ts';
import { walk } from './walk.ts';

/** A candidate is taken if the classifier gives its class at least this probability. */
export const CONFIDENCE_THRESHOLD = 0.9;
/** After this many candidates below the threshold, the best of them is taken. */
export const MAX_CANDIDATES = 64;

/** After how many it is for one model, whose classifier may rarely be sure. */
export interface MaxCandidates {
  /** Of a class that nobody asked for; a conditional generator is given one in any case. */
  readonly any: number;
  /** By place of the class. */
  readonly ofClass: readonly number[];
}

const ALL: MaxCandidates = { any: MAX_CANDIDATES, ofClass: [] };

/** A classifier takes pixels as 7 bits: half the grey level, which stands for p / 256. */
export const PIXEL_FRACTION_BITS = 7;

/** Which digit of a seed is wanted. */
export interface Wish {
  /** The place of the class among those of the classifier, from 0; any if absent. */
  readonly label?: number;
  /** The first candidate as it is, whatever the classifier says. */
  readonly raw?: boolean;
}

export interface Digit {
  /** Grey levels 0 … 255, row by row; 255 is ink. */
  readonly pixels: Uint8Array;
  /**
   * The place of its class among those of the classifier: the one that a conditional generator was given; of an
   * unconditional one, what the classifier reads. Undefined where there is no classifier.
   */
  readonly label: number | undefined;
  /** The classifier's probability of that class. */
  readonly confidence: number | undefined;
  /** What the generator drew it from: its latent and, if it is conditional, the class. */
  readonly input: Int16Array;
  /** How many candidates were drawn. */
  readonly candidates: number;
}

export interface Sampler {
  /** Numbers in a latent vector; a conditional generator's input has the classes behind it. */
  readonly latentSize: number;
  /** The numbers of a latent are within ± this. */
  readonly maxLatent: number;
  /** The digit of a seed, which is any text. */
  digit(seed: string, wish?: Wish): Digit;
  /** The digits of many seeds, in their order: the same as one by one, in less time. */
  digits(seeds: readonly string[], wish?: Wish): Digit[];
  /** The digit of a generator's input, whatever it is. */
  draw(input: Int16Array): Digit;
  /** Pictures on the way from one digit to another, both included; `count` is at least 2. */
  walk(from: Digit, to: Digit, count: number): Uint8Array[];
}

/** @throws RangeError where the two networks do not fit each other or the arithmetic */
export function createSampler(
  engine: Engine,
  { generator, classifier }: Layout,
  maxCandidates: MaxCandidates = ALL,
): Sampler {
  if (!generator) throw new RangeError('a sampler takes a generator');
  const { classes } = generator;
  requireEqual('latent fraction bits', generator.inputFractionBits, LATENT_FRACTION_BITS);
  if (classifier) {
    requireEqual('pixel fraction bits', classifier.inputFractionBits, PIXEL_FRACTION_BITS);
    const { outputs } = generator.layers[generator.layers.length - 1];
    requireEqual('pixels that the classifier takes', classifier.layers[0].inputs, outputs);
  }
  const known = classifier?.layers[classifier.layers.length - 1].outputs ?? 0;
  if (classes > 0) requireEqual('classes of the generator', classes, known);
  const latentSize = generator.layers[0].inputs - classes;
  const isConditional = classes > 0;

  /** One candidate or two; their pictures are views of the engine's memory. */
  function assess(inputs: readonly Int16Array[], labels: readonly (number | undefined)[]) {
    const pictures = engine.draw(inputs);
    if (!classifier) return pictures.map((pixels, i) => unread(inputs[i], pixels));
    return engine.classify(pictures).map((logits, i): Candidate => {
      const probabilities = softmax(logits);
      const label = labels[i] ?? mostLikely(probabilities);
      const confidence = probabilities[label];
      return { input: inputs[i], pixels: pictures[i], probabilities, label, confidence };
    });
  }

  /** @param place of the class, if there is one to look for */
  function maxOf(place: number | undefined): number {
    const { any, ofClass } = maxCandidates;
    return place === undefined ? any : (ofClass[place] ?? any);
  }

  function startSearch(seed: string, { label, raw = false }: Wish): Search {
    const random = Random.fromString(seed);
    // Drawn even where it is not needed, so that a seed's latents are the same for every label.
    const drawn = isConditional ? random.below(classes) : undefined;
    const given = isConditional ? (label ?? drawn) : undefined;
    const max = maxOf(given ?? label);
    let best: Digit | undefined;
    let bestMerit = -1;
    let candidates = 0;
    return {
      label: given,
      nextInput() {
        const latent = latentOf(random, latentSize);
        return given === undefined ? latent : withClass(latent, given, classes);
      },
      consider(candidate) {
        candidates++;
        const merit = candidate.probabilities?.[label ?? candidate.label ?? 0] ?? 1;
        if (best === undefined || merit > bestMerit) {
          const { input, pixels, label: read, confidence } = candidate;
          best = { pixels: pixels.slice(), label: read, confidence, input, candidates };
          bestMerit = merit;
        }
        const isLast = raw || merit >= CONFIDENCE_THRESHOLD || candidates === max;
        return isLast ? { ...best, candidates } : undefined;
      },
    };
  }

  /** Candidates of several seeds are drawn together; each seed's are considered in their own order. */
  function digits(seeds: readonly string[], wish: Wish = {}): Digit[] {
    const taken: Digit[] = [];
    let searches: { readonly index: number; readonly search: Search }[] = [];
    let next = 0;
    for (;;) {
      while (searches.length < DIGITS_AT_A_TIME && next < seeds.length) {
        searches.push({ index: next, search: startSearch(seeds[next], wish) });
        next++;
      }
      if (searches.length === 0) return taken;
      const inputs = searches.map(({ search }) => search.nextInput());
      const candidates = assess(
        inputs,
        searches.map(({ search }) => search.label),
      );
      searches = searches.filter(({ index, search }, i) => {
        const digit = search.consider(candidates[i]);
        if (digit) taken[index] = digit;
        return !digit;
      });
    }
  }

  return {
    latentSize,
    maxLatent: generator.inputLimit,
    digits,
    digit: (seed, wish) => digits([seed], wish)[0],
    draw(input) {
      const given = isConditional ? mostLikely(input.subarray(latentSize)) : undefined;
      const [{ pixels, label, confidence }] = assess([input], [given]);
      return { pixels: pixels.slice(), label, confidence, input, candidates: 1 };
    },
    walk(from, to, count) {
      const inputs = walk(from.input, to.input, latentSize, count);
      return Array.from(inPairs(inputs, engine.draw), (pixels) => pixels.slice());
    },
  };
}

interface Candidate extends Omit<Digit, 'candidates'> {
  /** Of the classes, to the classifier; undefined where there is none, and every candidate is as good. */
  readonly probabilities: Float64Array | undefined;
}

/** A candidate that no classifier reads. */
function unread(input: Int16Array, pixels: Uint8Array): Candidate {
  return { input, pixels, probabilities: undefined, label: undefined, confidence: undefined };
}

/** The search for a seed's digit among its candidates. */
interface Search {
  /** The class that each candidate is given, if the generator takes one. */
  readonly label: number | undefined;
  /** What the next candidate is drawn from. */
  nextInput(): Int16Array;
  /** The digit, if with this candidate the search is over. */
  consider(candidate: Candidate): Digit | undefined;
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
