/**
 * How many candidates of a seed a model may look at: decided once, when the Worker is built, so that the work of a
 * request is bounded before it starts, however rarely the classifier is sure. Not here: which candidate is taken
 * (src/sampler).
 */

import { createEngine } from '../../src/sampler/engine.ts';
import type { MemoryImage } from '../../src/sampler/layout.ts';
import { Random } from '../../src/sampler/random.ts';
import {
  CONFIDENCE_THRESHOLD,
  createSampler,
  MAX_CANDIDATES,
  type MaxCandidates,
  type Sampler,
} from '../../src/sampler/sampler.ts';
import { latentOf, withClass } from '../../src/sampler/seed.ts';
import { loadKernel } from './engine.ts';

/**
 * Draws that a digit takes on average, at most: a hundred digits take 256. A classifier that is sure of two candidates
 * of five may look at all MAX_CANDIDATES.
 */
export const MAX_DRAWS_PER_DIGIT = 2.56;

/** Candidates that are looked at, and how many of each class at least. */
const MEASURED = 4000;
const MIN_OF_CLASS = 40;

/** The bounds of a model: MAX_CANDIDATES, or fewer where digits would take too many draws. */
export function maxCandidatesOf(image: MemoryImage): MaxCandidates {
  const { generator, classifier } = image.layout;
  if (!classifier) return { any: MAX_CANDIDATES, ofClass: [] };
  const classes = classifier.layers[classifier.layers.length - 1].outputs;
  const isConditional = (generator?.classes ?? 0) > 0;
  const sampler = createSampler(createEngine(loadKernel(), image), image.layout);
  const ofEach = Math.max(MIN_OF_CLASS, Math.ceil(MEASURED / classes));
  const count = isConditional ? ofEach * classes : MEASURED;
  const sure = sureOf(sampler, classes, count, isConditional);
  if (isConditional) {
    const ofClass = sure.map((times) => boundOf(times / ofEach, MAX_DRAWS_PER_DIGIT));
    return { any: Math.min(...ofClass), ofClass };
  }
  const any = sure.reduce((sum, times) => sum + times, 0) / count;
  return {
    any: boundOf(any, MAX_DRAWS_PER_DIGIT),
    // A class is searched for, in so many fewer digits (routes/options.ts).
    ofClass: sure.map((times) => boundOf(times / count, MAX_DRAWS_PER_DIGIT * classes)),
  };
}

/** Of `count` candidates, how many the classifier is sure of, by class. */
function sureOf(
  sampler: Sampler,
  classes: number,
  count: number,
  isConditional: boolean,
): number[] {
  const random = Random.fromString('candidates');
  const sure = Array.from({ length: classes }, () => 0);
  for (let i = 0; i < count; i++) {
    const latent = latentOf(random, sampler.latentSize);
    const input = isConditional ? withClass(latent, i % classes, classes) : latent;
    const { label = 0, confidence = 0 } = sampler.draw(input);
    if (confidence >= CONFIDENCE_THRESHOLD) sure[label]++;
  }
  return sure;
}

/**
 * The most candidates of which, on average, no more than `maxDraws` are drawn until one is sure.
 * @param share of candidates that are sure
 */
export function boundOf(share: number, maxDraws: number): number {
  let draws = 0;
  for (let candidates = 0; candidates < MAX_CANDIDATES; candidates++) {
    draws += (1 - share) ** candidates;
    if (draws > maxDraws) return Math.max(1, candidates);
  }
  return MAX_CANDIDATES;
}
