import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';

import { Random } from '../../../src/sampler/random.ts';
import { figuresOf, manifoldOfFirst } from '../../../training/evaluation/figures.ts';
import { FEATURES } from '../../../training/evaluation/recipe.ts';
import { momentsOf } from '../../../training/quantization/linear-algebra.ts';

beforeAll(() => tf.setBackend('cpu'));

const COUNT = 8;
const random = Random.fromString('features');
const features = Float32Array.from({ length: COUNT * FEATURES }, () => random.normal());
const target = {
  moments: momentsOf(features, FEATURES),
  manifold: manifoldOfFirst(features, COUNT),
};
const assessed = {
  features,
  labels: Uint8Array.of(0, 0, 1, 2, 2, 2, 2, 1),
  confidences: Float32Array.of(1, 0.91, 0.89, 0.5, 0.95, 0.99, 0.2, 0.95),
};

/** Pictures with one grey level at the edge and another one inside. */
function framed(edge: number, inside: number, [width, height]: readonly number[] = [28, 28]) {
  const size = width * height;
  const pixels = Uint8Array.from({ length: COUNT * size }, (_, i) => {
    const [y, x] = [Math.floor((i % size) / width), i % width];
    return y < 2 || y >= height - 2 || x < 2 || x >= width - 2 ? edge : inside;
  });
  return { width, height, pixels };
}

describe('the figures of pictures', () => {
  const labels = Uint8Array.of(0, 1, 1, 2, 2, 0, 2, 1);

  test('count classes, confidence and agreement', () => {
    expect(figuresOf({ ...framed(0, 0), labels }, assessed, target, 4)).toMatchObject({
      labelHistogram: [2, 2, 4, 0],
      confident: 5 / 8,
      agreement: 6 / 8,
    });
  });

  test('are those of the real ones for the very same', () => {
    const figures = figuresOf({ ...framed(0, 0), labels }, assessed, target, 4);
    expect(figures).toMatchObject({ precision: 1, recall: 1 });
    expect(figures.frechet).toBeCloseTo(0, 6);
  });

  test('have no agreement where no class was asked for', () => {
    const pictures = { ...framed(0, 0), labels: undefined };
    expect(figuresOf(pictures, assessed, target, 4).agreement).toBeNull();
  });

  test('see ink at the edge, and only there', () => {
    expect(figuresOf({ ...framed(0, 200), labels }, assessed, target, 4).edgeInk).toBe(0);
    for (const size of [
      [28, 28],
      [15, 9],
      [20, 64],
    ]) {
      const pictures = { ...framed(7, 200, size), labels };
      expect(figuresOf(pictures, assessed, target, 4).edgeInk).toBe(7);
    }
  });
});
