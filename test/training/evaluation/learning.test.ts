import { describe, expect, test } from 'vitest';

import { Random } from '../../../src/sampler/random.ts';
import type { LabelledDataset } from '../../../training/data/dataset.ts';
import { learnFeatures } from '../../../training/evaluation/learning.ts';
import { disposeOf, assess } from '../../../training/evaluation/network.ts';
import { FEATURES } from '../../../training/evaluation/recipe.ts';
import { started } from '../backend/started.ts';

const COUNT = 60;

/** Bars on noise: of class 0 to 3 by the quarter of the picture that they are in. */
function bars(width = 28, height = 28): LabelledDataset {
  const random = Random.fromString('bars');
  const labels = Uint8Array.from({ length: COUNT }, (_, i) => i % 4);
  const [size, quarter] = [width * height, height / 4];
  const images = new Uint8Array(COUNT * size);
  for (let i = 0; i < images.length; i++) {
    const row = Math.floor((i % size) / width);
    const isOfClass = Math.floor(row / quarter) === labels[Math.floor(i / size)];
    images[i] = isOfClass && row % quarter === Math.floor(quarter / 2) ? 255 : random.below(64);
  }
  const about = { name: 'bars', sha256: 'of bars', classes: ['a', 'b', 'c', 'd'] };
  return { ...about, count: COUNT, width, height, images, labels };
}

const EVERY = Uint32Array.from({ length: COUNT }, (_, i) => i);

describe('the feature network', () => {
  test.each([
    [28, 28],
    [15, 12],
    [8, 64],
  ])(
    'learns classes of %i × %i, and knows them in pictures that are new to it',
    async (...size) => {
      await started({ threads: 2, relaxedSimd: false });
      const dataset = bars(...size);
      const network = learnFeatures(
        dataset,
        EVERY.subarray(0, 30),
        Random.fromString('l'),
        () => {},
      );
      const { features, labels, confidences } = assess(
        network,
        dataset.images,
        dataset,
        EVERY.subarray(30),
      );
      expect(features).toHaveLength(30 * FEATURES);
      expect([...labels]).toEqual([...dataset.labels.subarray(30)]);
      expect(confidences.every((confidence) => confidence > 0.5 && confidence <= 1)).toBe(true);
      disposeOf(network);
    },
  );

  test('is the same to the last bit for the same seed, on any number of threads', async () => {
    const assessed = [];
    for (const threads of [1, 2]) {
      const backend = await started({ threads, relaxedSimd: false });
      const dataset = bars();
      const network = learnFeatures(dataset, EVERY, Random.fromString('l'), () => {});
      assessed.push(assess(network, dataset.images, dataset, EVERY));
      await backend.stop();
    }
    expect(assessed[1]).toEqual(assessed[0]);
  });

  test('says after each step how far it is', async () => {
    await started({ threads: 2, relaxedSimd: false });
    const steps: number[] = [];
    const network = learnFeatures(bars(), EVERY, Random.fromString('l'), (done) =>
      steps.push(done),
    );
    expect(steps).toEqual(Array.from({ length: 300 }, (_, i) => i + 1));
    disposeOf(network);
  });
});
