/**
 * Previews: pictures of what the generator draws so far. The latents are the same each time, so that one
 * can watch a digit form.
 */

import * as tf from '@tensorflow/tfjs';

import { grid, type Image } from '../../src/encoders/pixels.ts';
import { Random } from '../../src/sampler/random.ts';
import { call, oneHot } from '../backend/index.ts';
import type { Dataset } from '../data/dataset.ts';
import { greyLevels } from '../data/grey-levels.ts';
import { join } from './networks.ts';
import type { Recipe } from './recipe.ts';
import { drawLatents } from './step.ts';

const PREVIEW_DIGITS = 100;

/** The latents of a run's previews, scaled: (100, latentSize). */
export function previewLatents({ seed, latentSize, latentScale }: Recipe): Float32Array {
  // The text decides which latents come, so it stays what it always was.
  const latents = drawLatents(Random.fromString(`pictures ${seed}`), PREVIEW_DIGITS, latentSize);
  return latents.map((x) => latentScale * x);
}

/** How many columns a preview has, if that is a multiple of the classes. */
const COLUMNS = 10;

/** A preview: a grid, of a conditional generator with a single class in each column. */
export function drawPreview(
  generator: tf.Sequential,
  latents: Float32Array,
  { conditional, latentSize }: Recipe,
  { width, height, classes }: Pick<Dataset, 'width' | 'height' | 'classes'>,
): Image {
  const pixels = tf.tidy(() => {
    const vectors = tf.tensor2d(latents, [PREVIEW_DIGITS, latentSize]);
    const count = classes.length;
    const labels = Uint8Array.from({ length: PREVIEW_DIGITS }, (_, i) => i % count);
    const batch = join(vectors, conditional ? oneHot(labels, count) : undefined);
    return call(generator, batch, { training: false }).dataSync();
  });
  const imageSize = width * height;
  const digits = Array.from({ length: PREVIEW_DIGITS }, (_, i) => {
    const drawn = pixels.subarray(i * imageSize, (i + 1) * imageSize);
    return { width, height, pixels: greyLevels(drawn) };
  });
  return grid(digits, conditional ? columnsFor(classes.length) : COLUMNS);
}

/** The most columns up to the usual number in which classes that take turns stay one above the other. */
function columnsFor(classes: number): number {
  return classes * Math.max(1, Math.floor(COLUMNS / classes));
}
